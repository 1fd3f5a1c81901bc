import { setImmediate } from "node:timers/promises";
import type * as vscode from "vscode";
import type { TextSink } from "./TextSink";

/** For so long text is gathered, in milliseconds: each piece that a channel gets costs a message to the window. */
const GATHER_MS = 30;
/** More characters than that are not gathered, and others have their turn before there are more. */
const FULL = 64 * 1024;

/** Writes to an output channel, in pieces of a size that holds up nobody. */
export class ChannelSink implements TextSink {
  private pieces: string[] = [];
  private size = 0;
  private timer: NodeJS.Timeout | undefined;
  private midLine = false;

  constructor(private readonly channel: Pick<vscode.OutputChannel, "append" | "show">) {}

  line(text: string): void {
    this.gather(`${this.midLine ? "\n" : ""}${text}\n`);
    this.midLine = false;
    this.flush();
  }

  append(text: string): Promise<void> | undefined {
    if (text === "") {
      return undefined;
    }
    this.gather(text);
    this.midLine = !text.endsWith("\n");
    if (this.size < FULL) {
      this.timer ??= setTimeout(() => {
        this.flush();
      }, GATHER_MS);
      return undefined;
    }
    this.flush();
    return setImmediate();
  }

  show(): void {
    this.channel.show(true);
  }

  /** Writes what was gathered. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.size > 0) {
      const text = this.pieces.join("");
      this.pieces = [];
      this.size = 0;
      this.channel.append(text);
    }
  }

  private gather(text: string): void {
    this.pieces.push(text);
    this.size += text.length;
  }
}
