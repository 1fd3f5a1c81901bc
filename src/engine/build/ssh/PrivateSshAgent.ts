import { randomBytes } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { BuildSshSource } from "../../../core/config/WorkspaceConfiguration";
import { messageOf } from "../../../core/errors/ExpectedError";
import { BuildSshError } from "../../../core/errors/imageErrors";
import type { CallOptions } from "../../../core/ports/ContainerEngine";
import { connectAgent } from "../../buildkit/sshService";
import { findProgram } from "../../transport/findProgram";
import { SshProcess } from "../../transport/ssh/SshProcess";
import type { BuildEnvironment } from "../BuildEnvironment";
import { addKey } from "./addKey";

/** As BuildKit's client reads of a key (sshprovider of moby/buildkit). */
const MOST_KEY_BYTES = 100 * 1024;
const ATTEMPTS = 100;
const PAUSE_MS = 50;

/**
 * An ssh-agent of our own, for the keys of files: only this user can get at its socket, and it ends with this process,
 * in whatever way that ends.
 */
export class PrivateSshAgent {
  private constructor(
    readonly socket: string,
    private readonly agent: SshProcess,
  ) {}

  /** The caller stops it. Rejects with BuildSshError. */
  static async start(
    { id, paths }: BuildSshSource,
    { environment, signal }: CallOptions & { readonly environment: BuildEnvironment },
  ): Promise<PrivateSshAgent> {
    const { agent: program, add } = programs(id, environment);
    const keys = await Promise.all(paths.map(async (path) => ({ path, content: await readKey(id, path) })));
    const folder = join(environment.temporaryFolder, `slipway-agent-${randomBytes(8).toString("hex")}`);
    await mkdir(folder, { mode: 0o700 });
    const env = { ...environment.env };
    const socket = join(folder, "s");
    const agent = new PrivateSshAgent(
      socket,
      new SshProcess(program, ["-D", "-a", socket], { folder, env, graceSeconds: 1 }),
    );
    try {
      await agent.whenReady(id, signal);
      for (const key of keys) {
        await addKey(key, { id, program: add, env: { ...env, SSH_AUTH_SOCK: socket }, signal });
      }
      return agent;
    } catch (error) {
      await agent.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.agent.stop();
  }

  private async whenReady(id: string, signal: AbortSignal | undefined): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        (await connectAgent(this.socket, signal)).destroy();
        return;
      } catch (cause) {
        signal?.throwIfAborted();
        if (this.agent.isOver || attempt === ATTEMPTS) {
          const said = this.agent.stderr.trim();
          throw new BuildSshError(
            id,
            `ssh-agent could not be started (${said === "" ? messageOf(cause) : said}). Start one yourself, and name its socket (build.ssh in slipway.json, or --ssh).`,
            { cause },
          );
        }
      }
      await setTimeout(PAUSE_MS);
    }
  }
}

function programs(id: string, environment: BuildEnvironment): { readonly agent: string; readonly add: string } {
  if (environment.platform === "win32") {
    throw new BuildSshError(
      id,
      "on Windows, files with keys cannot be given. Add the key to the agent of Windows (start its service, then ssh-add), and " +
        "leave the path out.",
    );
  }
  const agent = findProgram("ssh-agent", environment);
  const add = findProgram("ssh-add", environment);
  if (agent === undefined || add === undefined) {
    throw new BuildSshError(
      id,
      "files with keys need ssh-agent and ssh-add, which are not on PATH. Install OpenSSH's client.",
    );
  }
  return { agent, add };
}

async function readKey(id: string, path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MOST_KEY_BYTES) {
      throw new Error("it is too large for a private key");
    }
    return await readFile(path);
  } catch (cause) {
    throw new BuildSshError(id, `the key ${path} cannot be read (${messageOf(cause)}).`, { cause });
  }
}
