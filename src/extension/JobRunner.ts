import * as vscode from "vscode";
import { messageOf } from "../core/errors/ExpectedError";
import { formatBuildEvent } from "../core/job/formatBuildEvent";
import { formatDecision, formatSummary } from "../core/job/formatJob";
import type { JobEvent } from "../core/job/JobEvent";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import type { EngineAccess } from "./EngineAccess";
import { formatPortAddress } from "./formatPort";
import type { ImageStatuses } from "./ImageStatuses";
import type { Outputs } from "./Outputs";
import type { Problems } from "./Problems";
import { reportError } from "./reportError";

export interface Job {
  readonly folder: vscode.WorkspaceFolder;
  /** What is run: "test". */
  readonly name: string;
  /** For the notification: "Running test". */
  readonly title: string;
  readonly start: (engine: ContainerEngine, signal: AbortSignal) => AsyncIterable<JobEvent>;
}

type Progress = vscode.Progress<{ message?: string }>;

/** Runs jobs and shows what happens: progress that can be cancelled, output in its channels, the end or the failure. */
export class JobRunner {
  private readonly running = new Map<string, AbortController>();
  private readonly ended = new Set<Promise<unknown>>();
  /** IDs of containers that were told to stop. */
  private readonly stopped = new Set<string>();

  constructor(
    private readonly parts: {
      readonly engines: EngineAccess;
      readonly statuses: ImageStatuses;
      readonly outputs: Outputs;
      readonly problems: Problems;
    },
  ) {}

  /** One job at a time in a folder: another one would compete for its ports and its image. */
  async run(job: Job): Promise<void> {
    const { outputs } = this.parts;
    const key = job.folder.uri.toString();
    const current = this.running.get(key);
    if (current !== undefined) {
      const stop = vscode.l10n.t("Stop It");
      const message = vscode.l10n.t("Slipway is still at work in {0}.", job.folder.name);
      const picked = await vscode.window.showInformationMessage(message, stop, vscode.l10n.t("Show Output"));
      if (picked === stop) {
        current.abort();
      } else if (picked !== undefined) {
        outputs.run.show(true);
      }
      return;
    }
    const controller = new AbortController();
    this.running.set(key, controller);
    const done = this.withProgress(job, controller);
    this.ended.add(done);
    try {
      await done;
    } finally {
      this.running.delete(key);
      this.ended.delete(done);
      if (this.running.size === 0) {
        // Containers of no job may have been stopped, too.
        this.stopped.clear();
      }
    }
  }

  /** Stops a container by hand: a task that ends by that has ended as it was meant to. */
  async expectStop(containerId: string, stop: () => Promise<void>): Promise<void> {
    this.stopped.add(containerId);
    try {
      await stop();
    } catch (error) {
      this.stopped.delete(containerId);
      throw error;
    }
  }

  /** Stops every job and waits until nothing of them is left. */
  async stopAll(): Promise<void> {
    for (const controller of this.running.values()) {
      controller.abort();
    }
    await Promise.allSettled(this.ended);
  }

  private async withProgress(job: Job, controller: AbortController): Promise<void> {
    const options = { location: vscode.ProgressLocation.Notification, title: job.title, cancellable: true };
    await vscode.window.withProgress(options, async (progress, token) => {
      const cancellation = token.onCancellationRequested(() => {
        controller.abort();
      });
      try {
        await this.onEngine(job, controller.signal, progress);
      } catch (error) {
        this.afterFailure(job, error, controller.signal);
      } finally {
        cancellation.dispose();
      }
    });
  }

  /** The engine stays open until the job has cleaned up, also when another one is selected meanwhile. */
  private async onEngine(job: Job, signal: AbortSignal, progress: Progress): Promise<void> {
    const { monitor } = this.parts.engines;
    const lease = await monitor.lease({ signal });
    try {
      await this.show(job, job.start(lease.engine, signal), progress);
    } catch (error) {
      monitor.reportFailure(lease.engine, error);
      throw error;
    } finally {
      lease.release();
    }
  }

  private async show(job: Job, events: AsyncIterable<JobEvent>, progress: Progress): Promise<void> {
    const { statuses, outputs, problems } = this.parts;
    const build = formatBuildEvent();
    let container: string | undefined;
    problems.clearBuild(job.folder);
    outputs.run.appendLine(`\n--- ${job.title} (${new Date().toLocaleTimeString()})`);
    for await (const event of statuses.of(job.folder).follow(events)) {
      switch (event.type) {
        case "decision":
          outputs.run.appendLine(formatDecision(event));
          progress.report({ message: event.willBuild ? vscode.l10n.t("building the image") : event.decision.reason });
          if (event.willBuild) {
            outputs.build.appendLine(`--- ${job.folder.name}: ${formatDecision(event)}`);
            outputs.build.show(true);
          }
          break;
        case "build":
          outputs.build.append(build(event.event));
          if (event.event.type === "step" && event.event.state === "started") {
            progress.report({ message: event.event.name });
          }
          break;
        case "image":
          break;
        case "container":
          container = event.id;
          progress.report({ message: vscode.l10n.t("running") });
          outputs.run.show(true);
          for (const port of event.ports) {
            outputs.run.appendLine(`port ${String(port.containerPort)} of the container: ${formatPortAddress(port)}`);
          }
          break;
        case "output":
          outputs.run.append(event.text);
          break;
        case "warning":
          outputs.run.appendLine(`warning: ${event.message}`);
          break;
        case "exit":
          this.tellExit(job, event.code, container !== undefined && this.stopped.delete(container));
          break;
        case "summary":
          outputs.run.appendLine(formatSummary(event));
          break;
      }
    }
  }

  /** @param stopped whether it ended since it was told to, which is no failure whatever the code. */
  private tellExit({ name }: Job, code: number, stopped: boolean): void {
    if (code === 0 || stopped) {
      vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t("{0}: exit code {1}", name, code)}`, 5_000);
      return;
    }
    const show = vscode.l10n.t("Show Output");
    const message = vscode.l10n.t("{0}: exit code {1}", name, code);
    void vscode.window.showErrorMessage(message, show).then((picked) => {
      if (picked === show) {
        this.parts.outputs.run.show(true);
      }
    });
  }

  private afterFailure(job: Job, error: unknown, signal: AbortSignal): void {
    const { outputs, problems } = this.parts;
    if (signal.aborted) {
      outputs.run.appendLine("cancelled");
      return;
    }
    outputs.run.appendLine(`failed: ${messageOf(error)}`);
    problems.showBuild(job.folder, error);
    reportError(error, outputs, job.folder);
  }
}
