import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { BuildConfiguration } from "../config/WorkspaceConfiguration";
import { displayPath } from "../config/readWorkspaceConfiguration";
import type { Dockerfile } from "../dockerfile/Dockerfile";
import type { Stage } from "../dockerfile/Stage";
import { BuildContextError } from "../errors/imageErrors";
import { runsOf } from "../network/addNetwork";
import { NO_NETWORK_SETTINGS, type NetworkSettings } from "../network/NetworkSettings";
import { withProxies } from "../network/proxyVariables";
import type { BuildContext } from "../ports/BuildContext";
import type { EngineInfo } from "../ports/EngineInfo";
import { MachineKey } from "../redact/MachineKey";
import { workspaceOf } from "../Workspace";
import { argumentInputs, withNamed, type ArgumentInput } from "./argumentInputs";
import { baseImageInputs, baseImagesOf, lookUp, type BaseImage, type LocalImages } from "./baseImages";
import type { SettingInput } from "./BuildInput";
import { builtStages } from "./builtStages";
import { computeFingerprint } from "./computeFingerprint";
import { declaredNames } from "./declaredNames";
import { decodedInputs, type DecodedInputs } from "./decodedInputs";
import { dockerfileDigest } from "./dockerfileDigest";
import { isAlwaysPassed } from "./isAlwaysPassed";
import type { ImageLookup } from "./LocalImage";
import { isProxyName, namedProxies } from "./namedProxies";
import { optionInputs } from "./optionInputs";
import { platformArgs } from "./platformArgs";
import { readDockerfile } from "./readDockerfile";
import { readIgnoreFile } from "./readIgnoreFile";
import { remoteInputs } from "./remoteInputs";
import type { ContextScanner, ContextSnapshot } from "./scan/ContextScanner";
import type { ContextWatch } from "./scan/ContextWatch";
import type { ScanRequest } from "./scan/ScanRequest";
import { sharedScanner } from "./scan/sharedScanner";
import type { StatCachePlace } from "./scan/StatCacheFile";
import type { ContextSelection } from "./selection/ContextSelection";
import { selectContext, type SelectContextOptions } from "./selection/selectContext";
import { triggerSources } from "./triggerSources";

/** A build as it stands on disk at one moment. */
export interface CollectedInputs extends DecodedInputs {
  readonly fingerprint: string;
  /** All that counts but what is in the context. */
  readonly inputs: readonly SettingInput[];
  /** What counts in the context. */
  readonly snapshot: ContextSnapshot;
  /** What the build takes from the context. */
  readonly selection: ContextSelection;
  /**
   * Whether the engine has not got an image that the build needs. Then more of the context may count than will once it
   * is there; see withCurrentBaseImages.
   */
  readonly lacksBaseImage: boolean;
  readonly context: Omit<BuildContext, "entries">;
  /** The Dockerfile's path as messages name it. */
  readonly dockerfileName: string;
  readonly syntax: Dockerfile;
  /** Those that have a part in what is built. */
  readonly stages: readonly Stage[];
  readonly baseImages: readonly BaseImage[];
  /** The build arguments, proxies included. */
  readonly args: Readonly<Record<string, string>>;
  /** Of the configuration's build arguments, those that no ARG of what is built declares: they have no effect. */
  readonly unusedArguments: readonly string[];
  /** Undefined where no step could use them. */
  readonly certificates: NetworkSettings["certificates"];
  /** Those of the inputs that are of the network and that the steps of a stage can see; none for most. */
  readonly networkOf: (stage: Stage) => readonly SettingInput[];
  /** The same build with these base images; the context is read again only if another part of it counts for them. */
  readonly withImages: (images: LocalImages) => Promise<CollectedInputs>;
}

export interface CollectOptions {
  /** The workspace's folder: messages name paths relative to it. */
  readonly folder: string;
  readonly build: BuildConfiguration;
  /** The engine that builds; undefined where it is not known. */
  readonly engine: EngineInfo | undefined;
  readonly imageOf: ImageLookup;
  readonly network?: NetworkSettings | undefined;
  /** For what stands in the place of a secret; without it, that is another one in each process. */
  readonly machineKey?: MachineKey | undefined;
  /** Where Slipway keeps what it can make again; without it, every file is read every time. */
  readonly cacheFolder?: string | undefined;
  /** Undefined is the one of this process, in a thread of its own. */
  readonly scanner?: ContextScanner | undefined;
  /** Who knows what has changed since the last time; without one, all of the context is looked at. */
  readonly watch?: ContextWatch | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Collects everything that can change the image that `build` makes, in canonical order, and its fingerprint. */
export async function collectBuildInputs(options: CollectOptions): Promise<CollectedInputs> {
  (options.scanner ?? sharedScanner()).prepare?.();
  return collectWith(options, []);
}

/** @param triggered what ONBUILD instructions of the base images copy from, as far as is known; see triggerSources. */
async function collectWith(options: CollectOptions, triggered: readonly string[]): Promise<CollectedInputs> {
  const { folder, build, engine, imageOf, network = NO_NETWORK_SETTINGS, signal } = options;
  const { machineKey = new MachineKey(undefined) } = options;
  const dockerfileName = displayPath(folder, build.dockerfile);
  const { content, syntax } = await readDockerfile(build.dockerfile, dockerfileName);
  const args = withProxies(build.args, network.proxies);
  const { all, built: stages } = builtStages({
    syntax,
    dockerfileName,
    target: build.target,
    args: { ...platformArgs(build.platform, engine?.platform), ...args },
    triggered,
  });
  const baseImages = baseImagesOf(stages, build, triggered);
  const certificates = stages.some((stage) => runsOf(stage).length > 0) ? network.certificates : undefined;
  const trusted = certificates === undefined ? [] : [{ kind: "certificates" as const, sha256: certificates.sha256 }];
  const proxies = namedProxies(stages);
  // These count whatever the stages name, so whatever steps make of them must follow.
  const everywhere = new Set([...Object.keys(build.args).filter(isAlwaysPassed), ...declaredNames(syntax, [], args)]);
  const counting = withNamed(new Set([...everywhere, ...declaredNames(syntax, stages, args)]), args, proxies);
  const counted = await argumentInputs(args, counting, machineKey);
  // An ONBUILD ARG of a base image declares what nothing here does.
  const allArguments = await argumentInputs(args, new Set([...counting, ...Object.keys(build.args)]), machineKey);
  await requireFolder(build.context, displayPath(folder, build.context));
  const ignore = await readIgnoreFile({ ...build, kind: engine?.kind });
  const settings = (ofArguments: readonly ArgumentInput[]): readonly SettingInput[] => [
    {
      kind: "dockerfile",
      path: dockerfileName,
      sha256: dockerfileDigest({ content, syntax, stages: all, built: stages, args }),
    },
    ...(build.target === undefined ? [] : [{ kind: "target" as const, value: build.target }]),
    ...(build.platform === undefined ? [] : [{ kind: "platform" as const, value: build.platform }]),
    ...ofArguments,
    ...trusted,
    ...optionInputs(build),
  ];
  const common = {
    context: {
      root: build.context,
      dockerfile: { pathInContext: pathWithin(build.context, build.dockerfile), content },
    },
    dockerfileName,
    syntax,
    stages,
    baseImages,
    args,
    certificates,
    networkOf: (stage: Stage): readonly SettingInput[] => [
      ...counted.filter(
        ({ name }) =>
          isProxyName(name) && (everywhere.has(name) || proxies.get(stage)?.has(name.toLowerCase()) === true),
      ),
      ...trusted,
    ],
  };
  const withImages = async (
    images: LocalImages,
    before?: Pick<CollectedInputs, "selection" | "snapshot">,
  ): Promise<CollectedInputs> => {
    const reached = triggerSources(stages, images);
    if (!isDeepStrictEqual(reached, triggered)) {
      // More stages and images have a part in the build; or fewer, now that there is another base image.
      return collectWith(options, triggered.every((name) => reached.includes(name)) ? reached : []);
    }
    const taking: SelectContextOptions = {
      syntax,
      stages,
      args,
      platformArgs: platformArgs(build.platform, engine?.platform),
      kind: engine?.kind,
      baseOf: (reference) => images.get(reference) ?? undefined,
    };
    const selection = selectContext(taking);
    const same = before !== undefined && isDeepStrictEqual(before.selection, selection);
    const request = { root: build.context, ignore, selection, cache: cachePlace(options) };
    const snapshot = same ? before.snapshot : await scan(options, request);
    const triggers = [...images.values()].flatMap((image) => image?.onBuild ?? []);
    const declaring = triggers.some((trigger) => /^\s*ARG\s/i.test(trigger));
    const inputs = [
      ...settings(declaring ? allArguments : counted),
      ...baseImageInputs(images),
      ...(await remoteInputs(taking, machineKey)),
    ];
    const found = { selection, snapshot };
    return {
      ...common,
      ...found,
      fingerprint: computeFingerprint(inputs, snapshot.digest),
      inputs,
      unusedArguments: declaring
        ? []
        : Object.keys(build.args)
            .filter((name) => !counting.has(name))
            .sort(),
      lacksBaseImage: baseImages.some(({ reference }) => (images.get(reference) ?? null) === null),
      ...decodedInputs(inputs, snapshot),
      withImages: async (others) => withImages(others, found),
    };
  };
  signal?.throwIfAborted();
  return withImages(await lookUp(baseImages, imageOf));
}

/**
 * The same files with the base images as they are now: after a pull, nothing else needs to be read again, unless what
 * the images say (ENV, ONBUILD) makes another part of the context count. Then that is read.
 */
export async function withCurrentBaseImages(
  collected: CollectedInputs,
  imageOf: ImageLookup,
): Promise<CollectedInputs> {
  return collected.withImages(await lookUp(collected.baseImages, imageOf));
}

async function scan(options: CollectOptions, request: ScanRequest): Promise<ContextSnapshot> {
  const { scanner = sharedScanner(), watch, folder, signal } = options;
  return watch === undefined ? scanner.scan(request, { signal }) : watch.scan({ scanner, request, folder, signal });
}

/** Builds of one workspace that look at different contexts, or parts of one, do not take the place of each other. */
function cachePlace({ cacheFolder, folder, build }: CollectOptions): StatCachePlace | undefined {
  const of = JSON.stringify([build.context, build.dockerfile, build.target]);
  return cacheFolder === undefined
    ? undefined
    : {
        folder: join(cacheFolder, "contexts", workspaceOf(folder).id),
        name: createHash("sha256").update(of).digest("hex").slice(0, 16),
      };
}

async function requireFolder(path: string, shown: string): Promise<void> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new BuildContextError(shown, "there is no such folder. Correct build.context in slipway.json.", {
      cause: error,
    });
  });
  if (!stats.isDirectory()) {
    throw new BuildContextError(shown, "this is not a folder. Correct build.context in slipway.json.");
  }
}

function pathWithin(folder: string, path: string): string | undefined {
  const within = relative(folder, path);
  return within === ".." || within.startsWith(`..${sep}`) || isAbsolute(within)
    ? undefined
    : within.replaceAll("\\", "/");
}
