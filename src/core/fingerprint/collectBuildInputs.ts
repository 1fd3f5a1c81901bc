import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import type { BuildConfiguration } from "../config/WorkspaceConfiguration";
import { displayPath } from "../config/readWorkspaceConfiguration";
import type { Dockerfile } from "../dockerfile/Dockerfile";
import { externalImages } from "../dockerfile/externalImages";
import { listStages } from "../dockerfile/listStages";
import { reachableStages } from "../dockerfile/reachableStages";
import type { Stage } from "../dockerfile/Stage";
import { UnknownStageError } from "../dockerfile/UnknownStageError";
import { BuildContextError, DockerfileError } from "../errors/imageErrors";
import { runsOf } from "../network/addNetwork";
import { maskArgument } from "../network/argumentSecrets";
import { NO_NETWORK_SETTINGS, type NetworkSettings } from "../network/NetworkSettings";
import type { BuildContext } from "../ports/BuildContext";
import type { EngineInfo } from "../ports/EngineInfo";
import type { BuildInput } from "./BuildInput";
import { withProxies } from "../network/proxyVariables";
import { MachineKey } from "../redact/MachineKey";
import { computeFingerprint } from "./computeFingerprint";
import { declaredNames } from "./declaredNames";
import { isProxyName, namedProxies } from "./namedProxies";
import { platformArgs } from "./platformArgs";
import { asDockerfileError, readDockerfile } from "./readDockerfile";
import { readIgnoreFile } from "./readIgnoreFile";
import { scanContext } from "./scanContext";

/** An image that the build starts from or copies from. */
interface BaseImage {
  readonly reference: string;
  /** False if only the build can tell which image the reference stands for. */
  readonly known: boolean;
  /** Where the Dockerfile asks for it first, from 1. */
  readonly line: number;
  /** Undefined takes the engine's own. */
  readonly platform: string | undefined;
}

/** A build as it stands on disk at one moment. */
export interface CollectedInputs {
  readonly fingerprint: string;
  readonly inputs: readonly BuildInput[];
  readonly context: BuildContext;
  /** The Dockerfile's path as messages name it. */
  readonly dockerfileName: string;
  readonly syntax: Dockerfile;
  /** Those that have a part in what is built. */
  readonly stages: readonly Stage[];
  readonly baseImages: readonly BaseImage[];
  /** The build arguments, proxies included. */
  readonly args: Readonly<Record<string, string>>;
  /** Undefined where no step could use them. */
  readonly certificates: NetworkSettings["certificates"];
  /** Those of the inputs that are of the network and that the steps of a stage can see; none for most. */
  readonly networkOf: (stage: Stage) => readonly BuildInput[];
}

export interface CollectOptions {
  /** The workspace's folder: messages name paths relative to it. */
  readonly folder: string;
  readonly build: BuildConfiguration;
  /** The engine that builds; undefined where it is not known. */
  readonly engine: EngineInfo | undefined;
  /** The ID of the local image for a platform (the engine's own where undefined), or null when there is none. */
  readonly imageIdOf: (reference: string, platform: string | undefined) => Promise<string | null>;
  readonly network?: NetworkSettings | undefined;
  /** For what stands in the place of a secret; without it, that is another one in each process. */
  readonly machineKey?: MachineKey | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Collects everything that can change the image that `build` makes, in canonical order, and its fingerprint. */
export async function collectBuildInputs(options: CollectOptions): Promise<CollectedInputs> {
  const { folder, build, engine, imageIdOf, network = NO_NETWORK_SETTINGS, signal } = options;
  const { machineKey = new MachineKey(undefined) } = options;
  const dockerfileName = displayPath(folder, build.dockerfile);
  const { content, syntax } = await readDockerfile(build.dockerfile, dockerfileName);
  const args = withProxies(build.args, network.proxies);
  const stages = stagesOf({ ...options, build: { ...build, args } }, syntax, dockerfileName);
  const baseImages = baseImagesOf(stages, build);
  const certificates = stages.some((stage) => runsOf(stage).length > 0) ? network.certificates : undefined;
  const trusted = certificates === undefined ? [] : [{ kind: "certificates" as const, sha256: certificates.sha256 }];
  const proxies = namedProxies(stages);
  // These count whatever the stages name, so whatever steps make of them must follow.
  const everywhere = new Set([...Object.keys(build.args), ...declaredNames(syntax, [])]);
  const counting = withNamed(new Set([...everywhere, ...declaredNames(syntax, stages)]), args, proxies);
  const counted = await argInputs(args, counting, machineKey);
  await requireFolder(build.context, displayPath(folder, build.context));
  const ignore = await readIgnoreFile({ ...build, kind: engine?.kind });
  const entries = await scanContext({ root: build.context, ignore, signal });
  const inputs: readonly BuildInput[] = [
    { kind: "dockerfile", path: dockerfileName, sha256: createHash("sha256").update(content).digest("hex") },
    ...(build.target === undefined ? [] : [{ kind: "target" as const, value: build.target }]),
    ...(build.platform === undefined ? [] : [{ kind: "platform" as const, value: build.platform }]),
    ...counted,
    ...trusted,
    ...(await baseImageInputs(baseImages, imageIdOf)),
    ...entries,
  ];
  return {
    fingerprint: computeFingerprint(inputs),
    inputs,
    context: {
      root: build.context,
      entries,
      dockerfile: { pathInContext: pathWithin(build.context, build.dockerfile), content },
    },
    dockerfileName,
    syntax,
    stages,
    baseImages,
    args,
    certificates,
    networkOf: (stage) => [
      ...counted.filter(
        ({ name }) =>
          isProxyName(name) && (everywhere.has(name) || proxies.get(stage)?.has(name.toLowerCase()) === true),
      ),
      ...trusted,
    ],
  };
}

/** The same files with the base images as they are now: after a pull, nothing else needs to be read again. */
export async function withCurrentBaseImages(
  collected: CollectedInputs,
  imageIdOf: CollectOptions["imageIdOf"],
): Promise<CollectedInputs> {
  const bases = await baseImageInputs(collected.baseImages, imageIdOf);
  const first = collected.inputs.findIndex(({ kind }) => kind === "base-image");
  const others = collected.inputs.filter(({ kind }) => kind !== "base-image");
  const inputs = first < 0 ? others : [...others.slice(0, first), ...bases, ...others.slice(first)];
  return { ...collected, inputs, fingerprint: computeFingerprint(inputs) };
}

/**
 * The names of the arguments that count. A proxy that no ARG declares reaches the steps all the same: it counts where a
 * stage names it, in whatever case. Of its two names, which have one value, one is enough.
 */
function withNamed(
  declared: ReadonlySet<string>,
  args: Readonly<Record<string, string>>,
  proxies: ReadonlyMap<Stage, ReadonlySet<string>>,
): ReadonlySet<string> {
  const named = new Set([...proxies.values()].flatMap((names) => [...names]));
  const others = [...named].flatMap((name) => {
    const both = Object.keys(args).filter((arg) => arg.toLowerCase() === name);
    return both.some((arg) => declared.has(arg)) ? [] : both.sort().slice(0, 1);
  });
  return new Set([...declared, ...others]);
}

async function argInputs(
  args: Readonly<Record<string, string>>,
  counting: ReadonlySet<string>,
  machineKey: MachineKey,
): Promise<readonly (BuildInput & { readonly kind: "arg" })[]> {
  const counted = Object.entries(args)
    .filter(([name]) => counting.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(
    counted.map(async ([name, value]) => ({
      kind: "arg" as const,
      name,
      value: await maskArgument(name, value, async (text) => machineKey.digest(text)),
    })),
  );
}

function stagesOf({ build, engine }: CollectOptions, syntax: Dockerfile, dockerfileName: string): readonly Stage[] {
  const args = { ...platformArgs(build.platform, engine?.platform), ...build.args };
  try {
    const stages = asDockerfileError(dockerfileName, () => listStages(syntax, args));
    return reachableStages(stages, build.target);
  } catch (error) {
    if (error instanceof UnknownStageError) {
      const stages =
        error.available.length === 0 ? "its stages have no names" : `its stages are: ${error.available.join(", ")}`;
      throw new DockerfileError(
        "unknown-target",
        dockerfileName,
        `there is no stage "${error.target}" to build; ${stages}. Correct build.target in slipway.json.`,
        undefined,
        { cause: error },
      );
    }
    throw error;
  }
}

/** Each reference once: the engine has one image for it, whatever the platforms that it is asked for. */
function baseImagesOf(stages: readonly Stage[], build: BuildConfiguration): readonly BaseImage[] {
  const images = externalImages(stages).map(({ reference, known, line, platform }) => ({
    reference,
    known,
    line,
    platform: platform?.kind === "known" ? platform.text : build.platform,
  }));
  return [...new Map(images.toReversed().map((image) => [image.reference, image])).values()].toReversed();
}

async function baseImageInputs(
  images: readonly BaseImage[],
  imageIdOf: CollectOptions["imageIdOf"],
): Promise<readonly BuildInput[]> {
  return Promise.all(
    images.map(async ({ reference, known, platform }) => ({
      kind: "base-image" as const,
      reference,
      imageId: known ? await imageIdOf(reference, platform) : null,
    })),
  );
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
