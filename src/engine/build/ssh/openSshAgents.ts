import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import type { BuildSshSource } from "../../../core/config/WorkspaceConfiguration";
import { messageOf } from "../../../core/errors/ExpectedError";
import { BuildSshError } from "../../../core/errors/imageErrors";
import type { CallOptions } from "../../../core/ports/ContainerEngine";
import { connectAgent } from "../../buildkit/sshService";
import { variable } from "../../discovery/EndpointEnvironment";
import type { BuildEnvironment } from "../BuildEnvironment";
import { PrivateSshAgent } from "./PrivateSshAgent";

export interface SshAgents {
  /** By the IDs of the sources. */
  readonly sockets: ReadonlyMap<string, string>;
  /** Ends those that were started. */
  readonly close: () => Promise<void>;
}

interface OpenOptions extends CallOptions {
  readonly environment: BuildEnvironment;
}

/** Where the agent of Windows listens. */
const WINDOWS_AGENT = "\\\\.\\pipe\\openssh-ssh-agent";
const WINDOWS_PIPE = /^[\\/]{2}\.[\\/]pipe[\\/]/i;

/**
 * An agent for each of what a build is given: one that runs already, or one of ours with the keys of files. Each is asked
 * whether it answers, since a mount that is not required would be left out in silence. Rejects with BuildSshError.
 */
export async function openSshAgents(sources: readonly BuildSshSource[], options: OpenOptions): Promise<SshAgents> {
  const sockets = new Map<string, string>();
  const started: PrivateSshAgent[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map(async (agent) => agent.stop()));
  };
  try {
    for (const source of sources) {
      if (sockets.has(source.id)) {
        throw new BuildSshError(source.id, "it is given twice. Give each ID once.");
      }
      const running = await socketOf(source, options.environment);
      if (running === undefined) {
        const agent = await PrivateSshAgent.start(source, options);
        started.push(agent);
        sockets.set(source.id, agent.socket);
      } else {
        await requireAnswer(source.id, running, options);
        sockets.set(source.id, running);
      }
    }
    return { sockets, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @returns undefined where the paths are those of private keys. */
async function socketOf({ id, paths }: BuildSshSource, environment: BuildEnvironment): Promise<string | undefined> {
  if (paths.length === 0) {
    const running =
      variable(environment, "SSH_AUTH_SOCK") ?? (environment.platform === "win32" ? WINDOWS_AGENT : undefined);
    if (running === undefined) {
      throw new BuildSshError(
        id,
        "no agent is known here, since SSH_AUTH_SOCK is not set. Start one (ssh-agent), add your key (ssh-add) and start Slipway " +
          "from there, or name a key's file or an agent's socket (build.ssh in slipway.json, or --ssh).",
      );
    }
    return running;
  }
  const kinds = await Promise.all(paths.map(async (path) => kindOf(id, path, environment)));
  const socket = paths.find((_, index) => kinds[index] === "socket");
  if (socket !== undefined && paths.length > 1) {
    throw new BuildSshError(id, `${socket} is an agent's socket, which stands alone. Name it, or files with keys.`);
  }
  return socket;
}

async function kindOf(id: string, path: string, { platform }: BuildEnvironment): Promise<"socket" | "file"> {
  if (platform === "win32" && WINDOWS_PIPE.test(path)) {
    return "socket";
  }
  let stats: Stats;
  try {
    stats = await stat(path);
  } catch (cause) {
    throw new BuildSshError(
      id,
      `${path} cannot be read (${messageOf(cause)}). Check the path (build.ssh in slipway.json, or --ssh).`,
      {
        cause,
      },
    );
  }
  if (!stats.isSocket() && !stats.isFile()) {
    throw new BuildSshError(id, `${path} is neither a private key's file nor an agent's socket.`);
  }
  return stats.isSocket() ? "socket" : "file";
}

async function requireAnswer(id: string, path: string, { signal }: CallOptions): Promise<void> {
  try {
    (await connectAgent(path, signal)).destroy();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new BuildSshError(
      id,
      `no agent answers at ${path} (${messageOf(cause)}). Start it again, or name another one (build.ssh in slipway.json, or --ssh).`,
      { cause },
    );
  }
}
