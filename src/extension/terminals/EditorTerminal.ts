import { setImmediate } from "node:timers/promises";
import * as vscode from "vscode";
import type { TerminalSize } from "../../core/ports/ContainerTypes";
import type { StepTerminal } from "../../core/task/StepTerminal";
import type { TextSink } from "../jobs/TextSink";

const USUAL: TerminalSize = { columns: 80, rows: 24 };
/** After so many characters others have their turn. */
const FULL = 64 * 1024;
const DIM = "\x1b[2m";
const PLAIN = "\x1b[0m";

export interface EditorTerminalOptions {
  readonly name: string;
  /** "key" leaves what was written to be read until a key is pressed; "at-once" is for shells, whose user has ended them. */
  readonly closes: "key" | "at-once";
  /** Runs once it is drawn and has a size. */
  readonly start: (terminal: EditorTerminal) => void;
}

/** A terminal of the editor in which a program of a container runs. */
export class EditorTerminal implements StepTerminal, TextSink {
  private readonly written = new vscode.EventEmitter<string>();
  private readonly closed = new vscode.EventEmitter<number>();
  private readonly inputs = new Set<(data: Uint8Array) => void>();
  private readonly resizes = new Set<(size: TerminalSize) => void>();
  private readonly controller = new AbortController();
  private readonly terminal: vscode.Terminal;
  private dimensions = USUAL;
  private sinceTurn = 0;
  private midLine = false;
  private exitCode: number | undefined;

  constructor(private readonly options: EditorTerminalOptions) {
    const pty: vscode.Pseudoterminal = {
      onDidWrite: this.written.event,
      onDidClose: this.closed.event,
      open: (dimensions) => {
        this.dimensions = dimensions ?? USUAL;
        options.start(this);
      },
      close: () => {
        this.controller.abort();
      },
      handleInput: (data) => {
        this.take(data);
      },
      setDimensions: (dimensions) => {
        this.dimensions = dimensions;
        this.resizes.forEach((listener) => {
          listener(dimensions);
        });
      },
    };
    this.terminal = vscode.window.createTerminal({
      name: options.name,
      iconPath: new vscode.ThemeIcon("vm-active"),
      pty,
    });
  }

  /** Aborted when somebody closes it. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  readonly size = (): TerminalSize => ({ columns: this.dimensions.columns, rows: this.dimensions.rows });

  readonly onInput = (listener: (data: Uint8Array) => void): (() => void) => listen(this.inputs, listener);

  readonly onResize = (listener: (size: TerminalSize) => void): (() => void) => listen(this.resizes, listener);

  line(text: string): void {
    const lines = text.replaceAll("\n", "\r\n");
    this.written.fire(`${this.midLine ? "\r\n" : ""}${DIM}${lines}${PLAIN}\r\n`);
    this.midLine = false;
  }

  append(text: string): Promise<void> | undefined {
    if (text === "") {
      return undefined;
    }
    // Programs that were not told of the terminal end their lines with a line feed only.
    this.written.fire(text.replace(/(?<!\r)\n/g, "\r\n"));
    this.midLine = !text.endsWith("\n");
    this.sinceTurn += text.length;
    if (this.sinceTurn < FULL) {
      return undefined;
    }
    this.sinceTurn = 0;
    return setImmediate();
  }

  /** With the keyboard: what runs here waits for what is typed. */
  show(): void {
    this.terminal.show();
  }

  /** What ran here is over. */
  end(exitCode: number): void {
    this.exitCode = exitCode;
    if (this.options.closes === "at-once") {
      this.closed.fire(exitCode);
    } else {
      this.line(vscode.l10n.t("Press any key to close this terminal."));
    }
  }

  /** Says what went wrong; it closes with the next key. */
  fail(message: string): void {
    this.exitCode = 1;
    this.line(`${message}\n${vscode.l10n.t("Press any key to close this terminal.")}`);
  }

  dispose(): void {
    this.controller.abort();
    this.terminal.dispose();
    this.written.dispose();
    this.closed.dispose();
  }

  private take(data: string): void {
    if (this.exitCode !== undefined) {
      this.closed.fire(this.exitCode);
      return;
    }
    const bytes = Buffer.from(data);
    this.inputs.forEach((listener) => {
      listener(bytes);
    });
  }
}

function listen<T>(listeners: Set<(value: T) => void>, listener: (value: T) => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
