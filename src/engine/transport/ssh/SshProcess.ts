import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";

/**
 * Runs a program until it ends, or until the pipe that is stdin does, which is when this process has gone, however that
 * came about: ssh itself does not read its stdin. A word on stdin says that there is nothing left to be ended.
 */
const WATCH = `
  folder=$1; shift
  exec 3<&0
  "$@" </dev/null 3<&- & child=$!
  { read -r _ <&3 || kill "$child"; } >/dev/null 2>&1 &
  exec 3<&-
  wait "$child"
  rm -f "$folder"/*; rmdir "$folder"
`;
/** What is kept of stderr: its end. */
const KEPT = 8_192;

/** An ssh that runs. It does not keep this process from ending, and ends with it. */
export class SshProcess {
  private readonly child: ChildProcessByStdio<Writable, null, Readable>;
  private readonly exit: Promise<void>;
  private text = "";
  private over = false;

  /** @param options its `folder` is where ssh's sockets are, and nothing else; it exists, and is removed in the end */
  constructor(
    program: string,
    args: readonly string[],
    options: { readonly folder: string; readonly env: NodeJS.ProcessEnv },
  ) {
    // In a session of its own: Ctrl-C in a terminal, upon which containers are removed through this very tunnel, must
    // not end it.
    this.child = spawn("/bin/sh", ["-c", WATCH, "sh", options.folder, program, ...args], {
      stdio: ["pipe", "ignore", "pipe"],
      detached: true,
      env: options.env,
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

  /** Ends ssh. */
  async stop(): Promise<void> {
    this.over = true;
    this.child.stdin.end();
    await this.ended();
  }

  private async whenExited(): Promise<void> {
    try {
      await once(this.child, "exit");
    } catch (error) {
      this.text += error instanceof Error ? error.message : String(error);
    }
    this.over = true;
    this.child.stdin.end("\n");
    await this.drain();
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
