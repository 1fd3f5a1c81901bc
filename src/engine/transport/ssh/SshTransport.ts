import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import type { Agent } from "node:http";
import { join } from "node:path";
import { messageOf } from "../../../core/errors/ExpectedError";
import { type EngineProblem } from "../../../core/errors/engineErrors";
import type { RequestTarget, Transport } from "../Transport";
import { TransportError } from "../TransportError";
import { establishTunnel } from "./establishTunnel";
import { SshProcess } from "./SshProcess";
import { loginArguments, type SshAddress } from "./sshArguments";
import { unlessAborted } from "./unlessAborted";

export interface SshOptions {
  readonly agent: Agent;
  readonly platform: NodeJS.Platform;
  readonly temporaryFolder: string;
  readonly env: () => NodeJS.ProcessEnv;
  /** The path of the system's ssh. */
  readonly findSsh: () => string | undefined;
}

/** Failures that do not pass by themselves: asking again at once could get this machine banned over there. */
const LASTING: ReadonlySet<EngineProblem> = new Set(["login-refused", "unknown-host"]);
const LASTS_MS = 30_000;

/**
 * One ssh that forwards a socket in a folder of ours, closed to others, to the engine's over there. Started when it is
 * first needed, and again when it has ended; all who wait for it share it.
 */
export class SshTransport implements Transport {
  readonly target: RequestTarget;
  private readonly folder: string;
  private readonly closing = new AbortController();
  private ssh: SshProcess | undefined;
  private starting: Promise<void> | undefined;
  private refusal: { readonly error: TransportError; readonly until: number } | undefined;

  constructor(
    private readonly address: SshAddress,
    private readonly options: SshOptions,
  ) {
    this.folder = join(options.temporaryFolder, `slipway-ssh-${randomBytes(8).toString("hex")}`);
    this.target = { protocol: "http:", socketPath: this.sockets.local, agent: options.agent };
  }

  async ready(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.closing.signal.aborted) {
      throw new TransportError("no-answer", "the connection was closed");
    }
    if (this.starting === undefined) {
      // Who has the socket removed, be it a cleaner of temporary folders, has ended the tunnel.
      if (this.ssh?.isOver === false && existsSync(this.sockets.local)) {
        return;
      }
      if (this.refusal !== undefined && performance.now() < this.refusal.until) {
        throw this.refusal.error;
      }
      this.starting = this.start().finally(() => {
        this.starting = undefined;
      });
    }
    await unlessAborted(this.starting, signal);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.starting?.catch(() => undefined);
    await this.ssh?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get sockets(): { readonly control: string; readonly local: string } {
    return { control: join(this.folder, "c"), local: join(this.folder, "s") };
  }

  private async start(): Promise<void> {
    // The last one takes its folder with it.
    await this.ssh?.stop();
    const program = this.program();
    const env = this.options.env();
    await this.makeFolder();
    const ssh = new SshProcess(program, loginArguments(this.address, this.sockets.control), {
      folder: this.folder,
      env,
    });
    this.ssh = ssh;
    try {
      await establishTunnel({
        ...{ program, env, ssh, address: this.address, sockets: this.sockets },
        signal: this.closing.signal,
      });
      this.refusal = undefined;
    } catch (error) {
      await ssh.stop();
      if (error instanceof TransportError && LASTING.has(error.problem)) {
        this.refusal = { error, until: performance.now() + LASTS_MS };
      }
      throw error;
    }
  }

  private async makeFolder(): Promise<void> {
    try {
      await rm(this.folder, { recursive: true, force: true });
      await mkdir(this.folder, { mode: 0o700 });
    } catch (cause) {
      throw new TransportError("no-answer", `no folder can be made for ssh's sockets (${messageOf(cause)})`, { cause });
    }
  }

  private program(): string {
    if (this.options.platform === "win32") {
      throw new TransportError(
        "no-program",
        "engines behind ssh:// cannot be used from Windows, whose ssh forwards no sockets; use WSL, or TLS",
      );
    }
    const program = this.options.findSsh();
    if (program === undefined) {
      throw new TransportError("no-program", "there is no ssh on PATH; install OpenSSH's client");
    }
    return program;
  }
}
