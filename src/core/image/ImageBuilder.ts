import type { BuildConfiguration, PullPolicy } from "../config/WorkspaceConfiguration";
import { ContextChangedError } from "../errors/imageErrors";
import { collectBuildInputs, type CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { ManifestStore } from "../fingerprint/ManifestStore";
import type { ContextScanner } from "../fingerprint/scan/ContextScanner";
import type { ContextWatch } from "../fingerprint/scan/ContextWatch";
import { MOST_ATTEMPTS, startOver } from "../fingerprint/startOver";
import { LABEL } from "../labels";
import { NO_NETWORK_SETTINGS, type NetworkSettings } from "../network/NetworkSettings";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { MachineKey } from "../redact/MachineKey";
import { readBuildSecrets } from "../secret/readBuildSecrets";
import { imageReference, type Workspace } from "../Workspace";
import { decideImage } from "./decideImage";
import { buildOnce } from "./buildOnce";
import { inputWarnings } from "./inputWarnings";
import { cleanUpAfterBuild } from "./list/cleanUpAfterBuild";
import { shortName } from "./list/WorkspaceImage";
import { localImage } from "./localImage";
import { previousImage } from "./previousImage";
import { rememberInputs } from "./rememberInputs";
import { withPulledImages } from "./withPulledImages";
import type { BuildLock } from "./sharing/BuildLock";
import { buildEvent, buildWarning, type ImageDecision, type ImageEvent, type ImageResolution } from "./ImageResolution";

export interface ResolveOptions extends CallOptions {
  /** Build even when the image is fresh. */
  readonly force?: boolean | undefined;
  /** Build every step anew, on base images that are pulled first. */
  readonly noCache?: boolean | undefined;
  /** Where the configuration says nothing; undefined is "missing". */
  readonly pull?: PullPolicy | undefined;
  /** How many superseded images stay after a build; undefined leaves all. */
  readonly keepImages?: number | undefined;
}

export interface CheckOptions extends CallOptions {
  /** Who knows what has changed since the last look; without one, all of the context is looked at. */
  readonly watch?: ContextWatch | undefined;
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

/** Decides whether the workspace's image must be built, builds it if so, and says why. */
export class ImageBuilder {
  private readonly engine: ContainerEngine;
  private readonly workspace: Workspace;
  private readonly manifests: ManifestStore;
  private readonly network: NetworkSettings;
  private readonly machineKey: MachineKey;
  private readonly locks: BuildLock;
  private readonly cacheFolder: string | undefined;
  private readonly scanner: ContextScanner | undefined;
  private readonly env: Readonly<Record<string, string | undefined>>;

  constructor(options: ImageBuilderOptions) {
    const { engine, workspace, manifests, network = NO_NETWORK_SETTINGS } = options;
    this.machineKey = options.machineKey ?? new MachineKey(undefined);
    this.engine = engine;
    this.workspace = workspace;
    this.manifests = manifests;
    this.network = network;
    this.locks = options.locks;
    this.cacheFolder = options.cacheFolder;
    this.scanner = options.scanner;
    this.env = options.env ?? process.env;
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
    { signal, watch }: CheckOptions = {},
  ): Promise<{ readonly decision: ImageDecision; readonly collected: CollectedInputs }> {
    return startOver(async () => {
      const collected = await this.collect(build, signal, watch);
      return { decision: await this.decide(collected, {}, signal), collected };
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
    const { engine, workspace, manifests, locks, machineKey } = this;
    const asked = options.force === true || options.noCache === true;
    const policy = build.pull ?? options.pull ?? "missing";
    const started = performance.now();
    const found = await this.collect(build, signal);
    if (machineKey.problem !== undefined) {
      yield buildWarning(machineKey.problem);
    }
    const collected = policy === "always" ? yield* withPulledImages(engine, found, { policy, signal }) : found;
    const decision = await this.decide(collected, options, signal);
    const willBuild = decision.state !== "fresh" || asked;
    yield { type: "decision", decision, willBuild, durationMs: performance.now() - started };
    if (!willBuild && decision.imageId !== undefined) {
      yield* rememberInputs(manifests, collected);
      return resolutionOf(decision, decision.imageId, false);
    }
    const noCache = options.noCache === true || build.noCache === true;
    // What cannot be read is told before anything is pulled or built.
    const secrets = await readBuildSecrets(build.secrets ?? [], { env: this.env });
    const pulled = policy === "missing" && noCache ? "always" : policy;
    const current =
      policy === "always" ? collected : yield* withPulledImages(engine, collected, { policy: pulled, signal });
    // A base image that had gone and is back may be all that was missing; and with one, less of the context may count.
    const isAnother = current.fingerprint !== collected.fingerprint && !asked;
    const settled = isAnother ? await this.decide(current, options, signal) : decision;
    if (isAnother && settled.state === "fresh" && settled.imageId !== undefined) {
      yield { type: "decision", decision: settled, willBuild: false, durationMs: performance.now() - started };
      yield* rememberInputs(manifests, current);
      return resolutionOf(settled, settled.imageId, false);
    }
    yield* inputWarnings(build, current).map(buildWarning);
    const { imageId, wasBuilt } = yield* buildOnce({
      engine,
      workspace,
      locks,
      build,
      collected: current,
      secrets,
      noCache,
      asked: options.noCache === true ? "rebuild-without-cache" : asked ? "rebuild" : "nothing",
      signal,
    });
    yield* rememberInputs(manifests, current, wasBuilt);
    const reference = imageReference(workspace, current.fingerprint);
    const reason = wasBuilt ? settled.reason : `fresh: another Slipway has just built it (${settled.reason})`;
    const resolution = resolutionOf(
      { ...settled, reason, reference, fingerprint: current.fingerprint },
      imageId,
      wasBuilt,
    );
    return wasBuilt ? resolution : { ...resolution, waited: true };
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

  private async collect(
    build: BuildConfiguration,
    signal: AbortSignal | undefined,
    watch?: ContextWatch,
  ): Promise<CollectedInputs> {
    return collectBuildInputs({
      folder: this.workspace.folder,
      build,
      engine: await this.engine.info({ signal }),
      imageOf: localImage(this.engine, signal),
      cacheFolder: this.cacheFolder,
      scanner: this.scanner,
      watch,
      network: this.network,
      machineKey: this.machineKey,
      signal,
    });
  }

  private async decide(
    collected: CollectedInputs,
    options: ResolveOptions,
    signal: AbortSignal | undefined,
  ): Promise<ImageDecision> {
    const { engine, workspace, manifests } = this;
    const { fingerprint } = collected;
    const reference = imageReference(workspace, fingerprint);
    const image = await engine.inspectImage(reference, { signal });
    // A tag can be moved to any image by hand; one that was made from other inputs does not carry this label.
    const found = image?.labels[LABEL.fingerprint] === fingerprint ? image : undefined;
    const previous = found === undefined ? await previousImage({ engine, workspace, manifests, signal }) : undefined;
    return {
      ...(await decideImage({ collected, found: found !== undefined, previous, ...options })),
      reference,
      fingerprint,
      imageId: found?.id,
    };
  }
}

function resolutionOf(decision: ImageDecision, imageId: string, wasBuilt: boolean): ImageResolution {
  const { reference, fingerprint, reason } = decision;
  return { reference, imageId, fingerprint, wasBuilt, reason };
}
