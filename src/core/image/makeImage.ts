import type { BuildConfiguration, PullPolicy } from "../config/WorkspaceConfiguration";
import type { CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { ManifestStore } from "../fingerprint/ManifestStore";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { readBuildSecrets } from "../secret/readBuildSecrets";
import { imageReference, type Workspace } from "../Workspace";
import { buildOnce } from "./buildOnce";
import type { ImageExaminer } from "./ImageExaminer";
import { buildWarning, type ImageDecision, type ImageEvent, type ImageResolution } from "./ImageResolution";
import { inputWarnings } from "./inputWarnings";
import { rememberInputs } from "./rememberInputs";
import type { BuildLock } from "./sharing/BuildLock";
import { withPulledImages } from "./withPulledImages";

/** What somebody asks for, whether the image is fresh or not. */
export interface RebuildOptions extends CallOptions {
  /** Build even when the image is fresh. */
  readonly force?: boolean | undefined;
  /** Build every step anew, on base images that are pulled first. */
  readonly noCache?: boolean | undefined;
}

export interface MakeImageOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly manifests: ManifestStore;
  readonly locks: BuildLock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly examiner: ImageExaminer;
  readonly build: BuildConfiguration;
  readonly collected: CollectedInputs;
  /** Why it is to be made. */
  readonly decide: () => Promise<ImageDecision>;
  readonly policy: PullPolicy;
  /** When the decision began, by performance.now(). */
  readonly started: number;
  readonly options: RebuildOptions;
}

/** Builds what is to be built, unless a base image that was missing turns out to be all that was. */
export async function* makeImage(making: MakeImageOptions): AsyncGenerator<ImageEvent, ImageResolution> {
  const { build, collected, decide, policy, options } = making;
  const { signal } = options;
  const { engine, workspace, manifests, locks, env, examiner } = making;
  const noCache = options.noCache === true || build.noCache === true;
  if (!collected.lacksBaseImage) {
    // It is needed soon. Should it fail, whoever needs it tells.
    collected.entries().catch(() => undefined);
  }
  // What cannot be read is told before anything is pulled or built.
  const secrets = await readBuildSecrets(build.secrets ?? [], { env });
  const pulled = policy === "missing" && noCache ? "always" : policy;
  const current =
    policy === "always" ? collected : yield* withPulledImages(engine, collected, { policy: pulled, signal });
  // A base image that had gone and is back may be all that was missing; and with one, less of the context may count.
  const isAnother = current.fingerprint !== collected.fingerprint && !isAskedFor(options);
  const found = isAnother ? await examiner.find(current, { signal }) : undefined;
  const settled = isAnother ? await examiner.decide(current, { ...options, found }) : undefined;
  if (settled !== undefined && found !== undefined) {
    const durationMs = performance.now() - making.started;
    yield { type: "decision", decision: settled, willBuild: false, durationMs };
    yield* rememberInputs(manifests, current);
    return resolutionOf(settled, found.id, false);
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
    asked: options.noCache === true ? "rebuild-without-cache" : options.force === true ? "rebuild" : "nothing",
    signal,
  });
  // Before anything is written down: it is compared with what was written down before.
  const decision = settled ?? (await decide());
  yield* rememberInputs(manifests, current, wasBuilt);
  const reference = imageReference(workspace, current.fingerprint);
  const reason = wasBuilt ? decision.reason : `fresh: another Slipway has just built it (${decision.reason})`;
  const resolution = resolutionOf(
    { ...decision, reason, reference, fingerprint: current.fingerprint },
    imageId,
    wasBuilt,
  );
  return wasBuilt ? resolution : { ...resolution, waited: true };
}

/** Whether it is to be made also where it is fresh. */
export function isAskedFor({ force, noCache }: RebuildOptions): boolean {
  return force === true || noCache === true;
}

export function resolutionOf(decision: ImageDecision, imageId: string, wasBuilt: boolean): ImageResolution {
  const { reference, fingerprint, reason } = decision;
  return { reference, imageId, fingerprint, wasBuilt, reason };
}
