import type { BuildConfiguration, PullPolicy } from "../config/WorkspaceConfiguration";
import { ContextChangedError } from "../errors/imageErrors";
import type { CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { ManifestStore } from "../fingerprint/ManifestStore";
import type { ContextScanner } from "../fingerprint/scan/ContextScanner";
import { MOST_ATTEMPTS, startOver } from "../fingerprint/startOver";
import { NO_NETWORK_SETTINGS, type NetworkSettings } from "../network/NetworkSettings";
import { once } from "../once";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { MachineKey } from "../redact/MachineKey";
import type { Workspace } from "../Workspace";
import { HeadStart } from "./HeadStart";
import { ImageExaminer, type CheckOptions } from "./ImageExaminer";
import { cleanUpAfterBuild } from "./list/cleanUpAfterBuild";
import { shortName } from "./list/WorkspaceImage";
import { isAskedFor, makeImage, resolutionOf, type RebuildOptions } from "./makeImage";
import { rememberInputs } from "./rememberInputs";
import { withPulledImages } from "./withPulledImages";
import type { BuildLock } from "./sharing/BuildLock";
import { buildEvent, buildWarning, type ImageDecision, type ImageEvent, type ImageResolution } from "./ImageResolution";

export interface ResolveOptions extends RebuildOptions {
  /** Where the configuration says nothing; undefined is "missing". */
  readonly pull?: PullPolicy | undefined;
  /** How many superseded images stay after a build; undefined leaves all. */
  readonly keepImages?: number | undefined;
}

export interface ImageBuilderOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly manifests: ManifestStore;
  readonly network?: NetworkSettings | undefined;
  /** Without it, images that depend on a secret in a build argument are fresh for this process only. */
  readonly machineKey?: MachineKey | undefined;
  /** Keeps two processes from building the same image at once. */
  readonly locks: BuildLock;
  /** Where Slipway keeps what it can make again; without it, every file is read every time. */
  readonly cacheFolder?: string | undefined;
  /** Undefined is the one of this process, in a thread of its own. */
  readonly scanner?: ContextScanner | undefined;
  /** Where secrets that are variables are read. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** How long the reason for a build may have to wait until the builder is at work, in milliseconds. */
const MOST_HEAD_START_MS = 400;

/** Decides whether the workspace's image must be built, builds it if so, and says why. */
export class ImageBuilder {
  private readonly engine: ContainerEngine;
  private readonly workspace: Workspace;
  private readonly manifests: ManifestStore;
  private readonly machineKey: MachineKey;
  private readonly locks: BuildLock;
  private readonly env: Readonly<Record<string, string | undefined>>;
  private readonly examiner: ImageExaminer;

  constructor(options: ImageBuilderOptions) {
    const { engine, workspace, manifests, network = NO_NETWORK_SETTINGS, cacheFolder, scanner } = options;
    const machineKey = options.machineKey ?? new MachineKey(undefined);
    this.engine = engine;
    this.workspace = workspace;
    this.manifests = manifests;
    this.machineKey = machineKey;
    this.locks = options.locks;
    this.env = options.env ?? process.env;
    this.examiner = new ImageExaminer({ engine, workspace, manifests, network, machineKey, cacheFolder, scanner });
  }

  /** Looks only: nothing is pulled or built. */
  async check(build: BuildConfiguration, options: CheckOptions = {}): Promise<ImageDecision> {
    const { decision, collected } = await this.examine(build, options);
    collected.snapshot.release();
    return decision;
  }

  /** Like check, and what was looked at. */
  async examine(
    build: BuildConfiguration,
    options: CheckOptions = {},
  ): Promise<{ readonly decision: ImageDecision; readonly collected: CollectedInputs }> {
    const { signal } = options;
    return startOver(async () => {
      const collected = await this.examiner.collect(build, options);
      const found = await this.examiner.find(collected, { signal });
      return { decision: await this.examiner.decide(collected, { found, signal }), collected };
    });
  }

  /** Yields the decision and then, if it is to build, what the builder says. Returns the image. */
  async *resolve(build: BuildConfiguration, options: ResolveOptions = {}): AsyncGenerator<ImageEvent, ImageResolution> {
    for (let attempt = 1; ; attempt++) {
      try {
        const resolution = yield* this.resolveOnce(build, options);
        await this.giveTag(build, resolution, options);
        if (resolution.wasBuilt) {
          yield* this.cleanUp(resolution, options);
        }
        return resolution;
      } catch (error) {
        if (!(error instanceof ContextChangedError) || attempt === MOST_ATTEMPTS) {
          throw error;
        }
        yield buildWarning(`${error.path} changed meanwhile: starting over`);
      }
    }
  }

  private async *resolveOnce(
    build: BuildConfiguration,
    options: ResolveOptions,
  ): AsyncGenerator<ImageEvent, ImageResolution> {
    const { signal } = options;
    const { engine, workspace, manifests, machineKey, locks, env, examiner } = this;
    const started = performance.now();
    const looked = await examiner.collect(build, { signal });
    if (machineKey.problem !== undefined) {
      yield buildWarning(machineKey.problem);
    }
    const policy = build.pull ?? options.pull ?? "missing";
    const collected = policy === "always" ? yield* withPulledImages(engine, looked, { policy, signal }) : looked;
    const found = await examiner.find(collected, { signal });
    const durationMs = performance.now() - started;
    if (found !== undefined && !isAskedFor(options)) {
      const decision = await examiner.decide(collected, { found, signal });
      yield { type: "decision", decision, willBuild: false, durationMs };
      yield* rememberInputs(manifests, collected);
      return resolutionOf(decision, found.id, false);
    }
    const decide = once(async () => examiner.decide(collected, { ...options, found }));
    const making = new HeadStart(
      (own) =>
        makeImage({
          ...{ engine, workspace, manifests, locks, env, examiner },
          ...{ build, collected, decide, policy, started },
          options: { ...options, signal: own },
        }),
      signal,
    );
    try {
      // People want to know the reason, the builder does not: comparing must not keep it waiting for its first answers.
      await making.underWay(MOST_HEAD_START_MS);
      yield { type: "decision", decision: await decide(), willBuild: true, durationMs };
      return yield* making.follow();
    } finally {
      await making.stop();
    }
  }

  /** The name that the configuration asks for, besides the fingerprint's. */
  private async giveTag({ tag }: BuildConfiguration, resolution: ImageResolution, options: CallOptions): Promise<void> {
    if (tag !== undefined && (await this.engine.inspectImage(tag, options))?.id !== resolution.imageId) {
      await this.engine.tagImage(resolution.reference, tag, options);
    }
  }

  /** What the build has superseded. */
  private async *cleanUp(
    { fingerprint }: ImageResolution,
    { keepImages, signal }: ResolveOptions,
  ): AsyncGenerator<ImageEvent> {
    if (keepImages === undefined) {
      return;
    }
    const { engine, workspace, manifests, locks } = this;
    const { removed, warnings } = await cleanUpAfterBuild({
      engine,
      workspace,
      manifests,
      locks,
      fingerprint,
      keep: keepImages,
      signal,
    });
    if (removed.length > 0) {
      const names = removed.map(shortName).join(", ");
      yield buildEvent({ type: "progress", message: `Removed what was superseded: ${names}` });
    }
    yield* warnings.map(buildWarning);
  }
}
