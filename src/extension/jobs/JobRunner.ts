import * as vscode from "vscode";
import { messageOf } from "../../core/errors/ExpectedError";
import { ContainerGoneError } from "../../core/errors/stepErrors";
import type { JobEvent } from "../../core/job/JobEvent";
import type { EngineAccess } from "../EngineAccess";
import type { ImageStatuses } from "../ImageStatuses";
import type { Outputs } from "../Outputs";
import type { Problems } from "../Problems";
import { reportError } from "../reportError";
import type { Job, JobState } from "./Job";
import { JobDisplay } from "./JobDisplay";
import { tellFailure, tellSuccess } from "./tellEnd";
import type { TextSink } from "./TextSink";

/** A job that has not ended yet. */
export interface RunningJob {
  readonly job: Job;
  readonly state: JobState;
  readonly controller: AbortController;
  readonly output: TextSink;
}

type Progress = vscode.Progress<{ message?: string }>;

/** Runs jobs and shows what happens: progress that can be cancelled, output in its channels, the end or the failure. */
export class JobRunner {
  private readonly jobs = new Map<string, RunningJob>();
  private readonly ended = new Set<Promise<unknown>>();
  /** IDs of containers that were told to stop. */
  private readonly stopped = new Set<string>();
  private readonly changed = new vscode.EventEmitter<undefined>();
  /** Another job runs, one runs in its container now, or one has ended. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly parts: {
      readonly engines: EngineAccess;
      readonly statuses: ImageStatuses;
      readonly outputs: Outputs;
      readonly problems: Problems;
    },
  ) {}

  /** One job at a time of each task in a folder: two would write the same files. */
  async run(job: Job): Promise<void> {
    const key = JSON.stringify([job.folder.uri.toString(), job.task, job.name]);
    const current = this.jobs.get(key);
    if (current !== undefined) {
      job.terminal?.dispose();
      await offerToStop(current);
      return;
    }
    const output = job.terminal ?? this.parts.outputs.openRun();
    const running: RunningJob = { job, state: {}, controller: new AbortController(), output };
    this.jobs.set(key, running);
    const done = this.withProgress(running);
    this.ended.add(done);
    try {
      await done;
    } finally {
      this.jobs.delete(key);
      this.ended.delete(done);
      this.parts.outputs.closeRun(output);
      if (this.jobs.size === 0) {
        // Containers of no job may have been stopped, too.
        this.stopped.clear();
      }
      this.changed.fire(undefined);
    }
  }

  get running(): readonly RunningJob[] {
    return [...this.jobs.values()];
  }

  /** Names of the jobs that run in a container. */
  tasksIn(containerId: string): readonly string[] {
    return this.running.filter(({ state }) => state.container?.id === containerId).map(({ job }) => job.name);
  }

  /** Stops a container by hand: what runs in it ends as it was meant to. */
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
    for (const { controller } of this.jobs.values()) {
      controller.abort();
    }
    await Promise.allSettled(this.ended);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private async withProgress(running: RunningJob): Promise<void> {
    const { job, controller } = running;
    const options = { location: vscode.ProgressLocation.Notification, title: job.title, cancellable: true };
    await vscode.window.withProgress(options, async (progress, token) => {
      const abort = (): void => {
        controller.abort();
      };
      const cancellation = token.onCancellationRequested(abort);
      job.terminal?.signal.addEventListener("abort", abort);
      try {
        await this.onEngine(running, progress);
        this.afterEnd(running);
      } catch (error) {
        this.afterError(running, error);
      } finally {
        cancellation.dispose();
      }
    });
  }

  /** The engine stays open until the job has cleaned up, also when another one is selected meanwhile. */
  private async onEngine(running: RunningJob, progress: Progress): Promise<void> {
    const { monitor } = this.parts.engines;
    const { job, controller } = running;
    const lease = await monitor.lease({ signal: controller.signal });
    try {
      await this.show(running, job.start(lease.engine, controller.signal), progress);
    } catch (error) {
      monitor.reportFailure(lease.engine, error);
      throw error;
    } finally {
      lease.release();
    }
  }

  private async show(running: RunningJob, events: AsyncIterable<JobEvent>, progress: Progress): Promise<void> {
    const { statuses, outputs, problems } = this.parts;
    const { job, output } = running;
    problems.clearBuild(job.folder);
    await output.append("\n");
    output.line(`--- ${job.title} (${new Date().toLocaleTimeString()})`);
    const display = new JobDisplay(
      {
        run: output,
        build: outputs.build,
        progress: (message) => {
          progress.report({ message });
        },
      },
      job.folder.name,
    );
    for await (const event of statuses.of(job.folder).follow(events)) {
      this.note(running, event);
      await display.show(event);
    }
  }

  private note({ state }: RunningJob, event: JobEvent): void {
    switch (event.type) {
      case "container":
        state.container = { id: event.id, name: event.name };
        this.stopped.delete(event.id);
        this.changed.fire(undefined);
        return;
      case "kept":
        state.failedAt = event.step;
        return;
      case "exit":
        state.exit = { code: event.code, outOfMemory: event.outOfMemory };
        return;
      default:
        return;
    }
  }

  private afterEnd(running: RunningJob): void {
    const { job, state, output } = running;
    const code = state.exit?.code;
    if (this.wasStopped(state) || (code === undefined && state.failedAt === undefined) || code === 0) {
      if (code !== undefined) {
        tellSuccess(job, code);
      }
    } else {
      tellFailure(job, state, () => {
        output.show();
      });
    }
    job.terminal?.end(code ?? 0);
  }

  private afterError(running: RunningJob, error: unknown): void {
    const { outputs, problems } = this.parts;
    const { job, state, controller, output } = running;
    if (controller.signal.aborted) {
      output.line("cancelled");
    } else if (error instanceof ContainerGoneError && this.wasStopped(state)) {
      output.line("stopped with its container");
    } else {
      output.line(`failed: ${messageOf(error)}`);
      problems.showBuild(job.folder, error);
      reportError(error, outputs, job.folder);
    }
    job.terminal?.end(1);
  }

  /** Whether its container was told to stop, so that its end is no failure. */
  private wasStopped({ container }: JobState): boolean {
    return container !== undefined && this.stopped.has(container.id);
  }
}

async function offerToStop({ job, controller, output }: RunningJob): Promise<void> {
  const stop = vscode.l10n.t("Stop It");
  const message = vscode.l10n.t("Slipway is still at work in {0}: {1}.", job.folder.name, job.title);
  const picked = await vscode.window.showInformationMessage(message, stop, vscode.l10n.t("Show Output"));
  if (picked === stop) {
    controller.abort();
  } else if (picked !== undefined) {
    output.show();
  }
}
