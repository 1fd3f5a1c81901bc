import * as vscode from "vscode";
import { isAbortError, messageOf } from "../../core/errors/ExpectedError";
import { openShell, type OpenShellOptions } from "../../core/job/openShell";
import type { EngineAccess } from "../EngineAccess";
import { JobDisplay } from "../jobs/JobDisplay";
import { runOptions, type JobSource } from "../jobs/jobOptions";
import type { Outputs } from "../Outputs";
import { reportError } from "../reportError";
import { EditorTerminal } from "./EditorTerminal";

export interface ShellRequest extends JobSource {
  /** ID of a container of the folder; undefined is that of the last failed run, else the warm one, made where need be. */
  readonly container: string | undefined;
  /** Whose variables it has. */
  readonly task: string | undefined;
}

/** Shells in containers, each in a terminal. Closing the terminal ends the shell and what it has started. */
export class Shells {
  private readonly open = new Map<EditorTerminal, Promise<void>>();

  /** @param parts `session` names this run of the editor on what it makes. */
  constructor(
    private readonly parts: { readonly engines: EngineAccess; readonly outputs: Outputs; readonly session: string },
  ) {}

  /** Resolves when the shell has ended. Never rejects: what goes wrong is told. */
  async start(request: ShellRequest): Promise<void> {
    await new Promise<void>((resolve) => {
      const terminal = new EditorTerminal({
        name: vscode.l10n.t("Slipway: {0}", request.task ?? request.folder.name),
        closes: "at-once",
        start: (started) => {
          const done = this.run(started, request);
          this.open.set(started, done);
          void done.finally(() => {
            this.open.delete(started);
            resolve();
          });
        },
      });
      terminal.show();
    });
  }

  /** Ends all shells and waits until nothing of them is left. */
  async stopAll(): Promise<void> {
    const open = [...this.open];
    open.forEach(([terminal]) => {
      terminal.dispose();
    });
    await Promise.all(open.map(async ([, done]) => done));
  }

  /** Never rejects. */
  private async run(terminal: EditorTerminal, request: ShellRequest): Promise<void> {
    try {
      terminal.end(await this.runOnEngine(terminal, request));
    } catch (error) {
      if (!isAbortError(error)) {
        terminal.fail(messageOf(error));
        reportError(error, this.parts.outputs, request.folder);
      }
    }
  }

  /** @returns the shell's exit code. */
  private async runOnEngine(terminal: EditorTerminal, request: ShellRequest): Promise<number> {
    const { engines, session } = this.parts;
    const { signal } = terminal;
    const { container, task } = request;
    const lease = await engines.monitor.lease({ signal });
    const { engine } = lease;
    try {
      const options: OpenShellOptions = {
        ...runOptions(request, session),
        ...{ engine, command: { kind: "shell", task, command: undefined }, container, terminal, signal },
      };
      return await show(openShell(options), terminal, request.folder.name);
    } catch (error) {
      engines.monitor.reportFailure(engine, error);
      throw error;
    } finally {
      lease.release();
    }
  }
}

/** What comes before the shell, such as a build, is shown where the shell will be. */
async function show(events: ReturnType<typeof openShell>, terminal: EditorTerminal, folder: string): Promise<number> {
  const display = new JobDisplay({ run: terminal, build: terminal, progress: () => undefined }, folder);
  let exitCode = 0;
  for await (const event of events) {
    if (event.type === "exit") {
      exitCode = event.code;
    } else if (event.type !== "summary") {
      await display.show(event);
    }
  }
  return exitCode;
}
