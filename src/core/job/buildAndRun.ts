import type { WorkspaceConfiguration } from "../config/WorkspaceConfiguration";
import type { ContainerManager } from "../container/ContainerManager";
import { containerSpec, workspaceMode } from "../container/spec/containerSpec";
import { RemoteBindError } from "../errors/containerErrors";
import type { ResolveOptions } from "../image/ImageBuilder";
import type { ImageResolution } from "../image/ImageResolution";
import { formatEngineAddress, isLocalAddress } from "../ports/EngineEndpoint";
import type { StepTerminal } from "../task/StepTerminal";
import type { StepListOptions } from "../task/StepListOptions";
import { workspaceOf } from "../Workspace";
import type { JobEvent } from "./JobEvent";
import { PhaseClock } from "./PhaseClock";
import { provisionImage } from "./provisionImage";
import { networkOf, type ImageOfOptions } from "./resolveImage";
import { resolveTimed } from "./resolveTimed";
import { runImageCommand } from "./runImageCommand";
import { runInWarmContainer } from "./runInWarmContainer";
import { tellManager } from "./tellManager";
import { workOf, type JobCommand } from "./workOf";

export interface BuildAndRunOptions extends ImageOfOptions, ResolveOptions {
  readonly command: JobCommand;
  readonly session: string;
  /** The container stays when its command has ended, also where it would go: the image's own, and run.keepWarm 0. */
  readonly keep: boolean;
  /** The container goes when its command has ended, whatever has come of it. */
  readonly remove?: boolean | undefined;
  /** A new container takes the place of one that is there. */
  readonly fresh?: boolean | undefined;
  /** Goes on from the step that failed, where the container of that run is there still and would be used. */
  readonly retry?: boolean | undefined;
  /** Who is asked at a pause before a step; without, pauses are passed over. */
  readonly pause?: StepListOptions["pause"];
  /** Steps run in it, with its input. */
  readonly terminal?: StepTerminal | undefined;
  /** What SELinux is to do with the workspace's folder; undefined leaves its labels. */
  readonly relabel?: "shared" | "private" | undefined;
  /** More folders of this machine that may be mounted. */
  readonly allowedFolders?: readonly string[] | undefined;
  /** Whose listeners hear of the task, too. */
  readonly manager?: Pick<ContainerManager, "tell"> | undefined;
  /** How long a step that is stopped may take to end by itself before it is killed; undefined is two seconds. */
  readonly graceMs?: number | undefined;
}

/**
 * The main path: the image, built if and only if an input changed; the workspace's container, with its files in it and
 * set up; the steps, and what they made. Steps that are stopped by the signal, or by leaving the loop, are ended before the
 * container is let go of.
 */
export function buildAndRun(options: BuildAndRunOptions): AsyncGenerator<JobEvent> {
  const { manager, command } = options;
  const events = runJob(options);
  return manager === undefined
    ? events
    : tellManager(events, manager, command.kind === "task" ? command.name : undefined);
}

async function* runJob(options: BuildAndRunOptions): AsyncGenerator<JobEvent> {
  const { engine, configuration, relabel, allowedFolders, signal } = options;
  const { run } = configuration;
  const work = workOf(configuration, options.command);
  const workspace = workspaceOf(configuration.folder);
  const mode = workspaceMode(run, engine.endpoint.address);
  requireBindable(options);
  const clock = new PhaseClock();
  yield* warningsOf(configuration.warnings);
  const network = await networkOf(options);
  const resolution = yield* resolveTimed(options, network, clock);
  const { reference, imageId } = yield* provisionTimed(options, resolution, clock);
  const image = { reference, imageId, fingerprint: resolution.fingerprint };
  const prepared = await containerSpec({
    ...{ engine, workspace, image, run, mode, network, relabel, allowedFolders, signal },
  });
  yield* warningsOf(prepared.warnings);
  if (work === undefined) {
    yield* runImageCommand({ options, workspace, image, prepared, clock });
  } else {
    const task = options.command.kind === "task" ? work.name : undefined;
    yield* runInWarmContainer({ options, workspace, image, prepared, work, task, clock });
  }
  yield clock.summary(resolution);
}

/** Only the image. */
export async function* buildImage(options: ImageOfOptions & ResolveOptions): AsyncGenerator<JobEvent> {
  const network = await networkOf(options);
  const clock = new PhaseClock();
  yield* warningsOf(options.configuration.warnings);
  const resolution = yield* resolveTimed(options, network, clock);
  yield* provisionTimed(options, resolution, clock);
  yield clock.summary(resolution);
}

async function* provisionTimed(
  options: ImageOfOptions & ResolveOptions,
  resolution: ImageResolution,
  clock: PhaseClock,
): AsyncGenerator<JobEvent, Pick<ImageResolution, "reference" | "imageId">> {
  const { resources = [] } = options.configuration;
  return resources.length === 0 ? resolution : yield* clock.time("provision", provisionImage(options, resolution));
}

/** Told before anything is built for it. */
function requireBindable({ engine, configuration }: BuildAndRunOptions): void {
  const { address } = engine.endpoint;
  if (configuration.run.workspace === "bind" && !isLocalAddress(address)) {
    throw new RemoteBindError(configuration.folder, formatEngineAddress(address), true);
  }
}

function* warningsOf(messages: WorkspaceConfiguration["warnings"] = []): Generator<JobEvent> {
  for (const message of messages) {
    yield { type: "warning", message };
  }
}
