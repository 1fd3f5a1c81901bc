import { ContainerManager } from "../container/ContainerManager";
import type { WorkspaceConfiguration } from "../config/WorkspaceConfiguration";
import { UnknownTaskError, WorkspaceError } from "../errors/configurationErrors";
import type { ResolveOptions } from "../image/ImageBuilder";
import type { ImageResolution } from "../image/ImageResolution";
import type { NetworkSettings } from "../network/NetworkSettings";
import { formatEngineAddress, isLocalAddress } from "../ports/EngineEndpoint";
import { runTask } from "../task/runTask";
import { workspaceOf } from "../Workspace";
import type { JobEvent, JobPhase } from "./JobEvent";
import { networkOf, resolveImage, type ImageOfOptions } from "./resolveImage";

/** What to run in the container. */
export type JobCommand =
  | { readonly kind: "task"; readonly name: string }
  | { readonly kind: "command"; readonly command: readonly string[] }
  /** The image's own. */
  | { readonly kind: "image" };

export interface BuildAndRunOptions extends ImageOfOptions, ResolveOptions {
  readonly command: JobCommand;
  readonly session: string;
  /** Leaves the stopped container when the command has ended. */
  readonly keep: boolean;
  /** What SELinux is to do with the workspace's folder; see runTask. */
  readonly relabel?: "shared" | "private" | undefined;
}

/** The main path: the image, built if and only if an input changed; a container with the workspace in it; the command. */
export async function* buildAndRun(options: BuildAndRunOptions): AsyncGenerator<JobEvent> {
  const { engine, configuration, session, keep, relabel, signal } = options;
  const command = commandOf(configuration, options.command);
  const task = options.command.kind === "task" ? options.command.name : undefined;
  if (!isLocalAddress(engine.endpoint.address)) {
    throw new WorkspaceError(
      `The engine at ${formatEngineAddress(engine.endpoint.address)} is on another machine, where this workspace cannot be ` +
        "mounted. Images can be built there; to run a task, choose an engine on this machine (in VS Code with Select " +
        "Engine…, on the command line with --engine).",
    );
  }
  const workspace = workspaceOf(configuration.folder);
  const network = await networkOf(options);
  const clock = new PhaseClock();
  const resolution = yield* resolveTimed(options, network, clock);
  for (const message of await new ContainerManager(engine, workspace).removeLeftovers(task, { signal })) {
    yield { type: "warning", message };
  }
  let exit: (JobEvent & { readonly type: "exit" }) | undefined;
  for await (const event of runTask({
    engine,
    workspace,
    image: resolution.reference,
    fingerprint: resolution.fingerprint,
    run: configuration.run,
    command,
    task,
    session,
    keep,
    network,
    relabel,
    signal,
  })) {
    if (event.type === "container") {
      clock.add("start", event.durationMs);
    } else if (event.type === "exit") {
      exit = event;
      clock.add("run", event.durationMs);
    }
    yield event;
  }
  yield clock.summary(resolution, exit);
}

/** Only the image. */
export async function* buildImage(options: ImageOfOptions & ResolveOptions): AsyncGenerator<JobEvent> {
  const network = await networkOf(options);
  const clock = new PhaseClock();
  const resolution = yield* resolveTimed(options, network, clock);
  yield clock.summary(resolution, undefined);
}

async function* resolveTimed(
  options: ImageOfOptions & ResolveOptions,
  network: NetworkSettings,
  clock: PhaseClock,
): AsyncGenerator<JobEvent, ImageResolution> {
  for (const message of network.warnings) {
    yield { type: "warning", message };
  }
  const images = resolveImage(options, network);
  const started = performance.now();
  let checked: number | undefined;
  let waited = false;
  try {
    for (;;) {
      const next = await images.next();
      if (next.done === true) {
        if (waited) {
          const phase = next.value.wasBuilt ? "build" : next.value.waited === true ? "wait" : "pull";
          clock.add(phase, performance.now() - started - (checked ?? 0));
        }
        yield { type: "image", resolution: next.value };
        return next.value;
      }
      if (next.value.type === "decision" && checked === undefined) {
        checked = next.value.durationMs;
        clock.add("check", checked);
      }
      waited = waited || next.value.type === "build";
      yield next.value;
    }
  } finally {
    // Whoever leaves the loop over the events leaves the build, too; after its end this does nothing.
    await images.return({ reference: "", imageId: "", fingerprint: undefined, wasBuilt: false, reason: "" });
  }
}

class PhaseClock {
  private readonly started = performance.now();
  private readonly phases: { readonly phase: JobPhase; readonly durationMs: number }[] = [];

  add(phase: JobPhase, durationMs: number): void {
    this.phases.push({ phase, durationMs });
  }

  summary({ wasBuilt, reason }: ImageResolution, exit: (JobEvent & { readonly type: "exit" }) | undefined): JobEvent {
    return {
      type: "summary",
      wasBuilt,
      reason,
      exitCode: exit?.code,
      outOfMemory: exit?.outOfMemory ?? false,
      phases: this.phases,
      totalMs: performance.now() - this.started,
    };
  }
}

function commandOf(configuration: WorkspaceConfiguration, command: JobCommand): readonly string[] | undefined {
  switch (command.kind) {
    case "command":
      return command.command;
    case "image":
      return undefined;
    case "task": {
      const task = configuration.tasks.find(({ name }) => name === command.name);
      if (task === undefined) {
        throw new UnknownTaskError(
          command.name,
          configuration.tasks.map(({ name }) => name),
        );
      }
      return task.command;
    }
  }
}
