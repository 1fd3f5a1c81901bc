import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { WATCH_SCRIPT } from "./watchScript";

/** What is kept of stderr: its end. */
const KEPT = 8_192;
const GRACE_SECONDS = 2;

export interface SshProcessOptions {
  /** Where ssh's sockets are, and nothing else; it exists, and is removed in the end. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** How long ssh has to end by itself once it was told to; as long again, the watcher to end it by force. */
  readonly graceSeconds?: number;
}

/** An ssh that runs, with all that it starts. It does not keep this process from ending, and ends with it. */
export class SshProcess {
  private readonly child: ChildProcessByStdio<Writable, null, Readable>;
  private readonly exit: Promise<void>;
  private text = "";
  private over = false;

  constructor(
    program: string,
    args: readonly string[],
    private readonly options: SshProcessOptions,
  ) {
    const { folder, env, graceSeconds = GRACE_SECONDS } = options;
    // In a session of its own: Ctrl-C in a terminal, upon which containers are removed through this very tunnel, must
    // not end it. That makes it a process group of its own, too, as the script needs it.
    this.child = spawn("/bin/sh", ["-c", WATCH_SCRIPT, "sh", folder, String(graceSeconds), program, ...args], {
      stdio: ["pipe", "ignore", "pipe"],
      detached: true,
      env,
    });
    this.child.stdin.on("error", () => undefined);
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.text = (this.text + text).slice(-KEPT);
    });
    this.exit = this.whenExited();
    for (const handle of this.handles) {
      handle.unref();
    }
  }

  get isOver(): boolean {
    return this.over;
  }

  /** The end of what ssh wrote to stderr. */
  get stderr(): string {
    return this.text;
  }

  /** Resolves when ssh has ended, whoever has ended it, what it wrote is known, and its folder is gone. */
  async ended(): Promise<void> {
    // Who waits for it must be kept running.
    for (const handle of this.handles) {
      handle.ref();
    }
    await this.exit;
  }

  /** Ends ssh, by force if it does not end by itself. Resolves in any case, and within a few seconds. */
  async stop(): Promise<void> {
    this.over = true;
    this.child.stdin.end();
    const { graceSeconds = GRACE_SECONDS } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        // The watcher does not get on either: it was stopped, say, together with ssh.
        this.killGroup();
        timer = setTimeout(resolve, graceSeconds * 1_000);
      }, graceSeconds * 2_000);
    });
    await Promise.race([this.ended(), late]);
    clearTimeout(timer);
  }

  private async whenExited(): Promise<void> {
    try {
      await once(this.child, "exit");
    } catch (error) {
      this.text += error instanceof Error ? error.message : String(error);
    }
    this.over = true;
    // Somebody may have killed the watcher alone, which has then neither ended ssh nor removed the folder.
    this.killGroup();
    this.child.stdin.destroy();
    await Promise.all([this.drain(), rm(this.options.folder, { recursive: true, force: true }).catch(() => undefined)]);
  }

  private killGroup(): void {
    if (this.child.pid === undefined) {
      return;
    }
    try {
      process.kill(-this.child.pid, "SIGKILL");
    } catch {
      // Nothing is left of the group.
    }
  }

  /** What ssh wrote last is still in the pipe. A program that it has left behind may keep that open for ever. */
  private async drain(): Promise<void> {
    if (!this.child.stderr.readableEnded) {
      await once(this.child.stderr, "end", { signal: AbortSignal.timeout(200) }).catch(() => undefined);
    }
  }

  private get handles(): readonly (ChildProcess | Socket)[] {
    // A child's pipes are sockets, which Node's types do not say.
    const pipes: readonly unknown[] = [this.child.stdin, this.child.stderr];
    return [this.child, ...pipes.filter((pipe) => pipe instanceof Socket)];
  }
}
