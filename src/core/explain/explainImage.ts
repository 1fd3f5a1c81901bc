import { stat } from "node:fs/promises";
import type { BuildConfiguration } from "../config/WorkspaceConfiguration";
import { displayPath } from "../config/readWorkspaceConfiguration";
import type { BuildInput } from "../fingerprint/BuildInput";
import { ignoreFileCandidates, readIgnoreFile } from "../fingerprint/readIgnoreFile";
import { startOver } from "../fingerprint/startOver";
import type { ImageDecision } from "../image/ImageResolution";
import { checkImage, imageBuilderOf, manifestsOf, type ImageOfOptions } from "../job/resolveImage";
import type { ContextEntry } from "../ports/BuildContext";
import type { CallOptions } from "../ports/ContainerEngine";
import { workspaceOf } from "../Workspace";
import { countFiles } from "./countFiles";
import { explainChanges } from "./explainChanges";
import type { ComparedBuild, CountedInputs, Explanation } from "./Explanation";
import { hintsOf } from "./hintsOf";
import { reasonsOf, selectionsOfLines } from "./takenByLines";
import { tellUncounted } from "./tellUncounted";

/**
 * Why the workspace's image is fresh, stale or absent, item by item: what differs from what the image was last made of,
 * what counts at all, and what would make for fewer rebuilds. Changes nothing. Fails as checkImage does.
 */
export async function explainImage(options: ImageOfOptions & CallOptions): Promise<Explanation> {
  const { configuration } = options;
  const { image } = configuration;
  if (image.kind === "image") {
    const decision = await checkImage(options);
    return { decision, builtAt: undefined, comparedWith: undefined, changes: [], counted: undefined, hints: [] };
  }
  return startOver(async () => explainBuild(options, image.build));
}

async function explainBuild(options: ImageOfOptions & CallOptions, build: BuildConfiguration): Promise<Explanation> {
  const { engine, configuration, signal } = options;
  const builder = await imageBuilderOf(options);
  const { decision, collected } = await builder.examine(build, { signal });
  const inputs = await collected.allInputs();
  const previous = decision.state === "fresh" ? undefined : await previousBuild(options);
  const changes =
    previous === undefined ? [] : await tellUncounted(explainChanges(previous.inputs, inputs), build.context);
  const entries = inputs.filter(isEntry);
  const lines = selectionsOfLines(collected.selection, entries, collected.syntax);
  const { kind } = await engine.info({ signal });
  const ignoreFile = await ignoreFileOf(build, kind);
  const shownIgnoreFile = ignoreFile === undefined ? undefined : displayPath(configuration.folder, ignoreFile);
  return {
    decision,
    builtAt: await builtAt(options, decision),
    comparedWith: previous?.build,
    changes,
    counted: {
      ...countsOf(inputs),
      inContext: await countFiles({ root: build.context, ignore: await readIgnoreFile({ ...build, kind }), signal }),
      dockerfile: collected.dockerfileName,
      context: build.context === configuration.folder ? "." : displayPath(configuration.folder, build.context),
      ignoreFile: shownIgnoreFile,
      reasons: reasonsOf(collected.selection, lines, entries),
    },
    // What counts only until a base image is there is nobody's fault.
    hints:
      collected.lacksBaseImage && collected.selection.kind === "all"
        ? []
        : hintsOf({
            changes,
            entries,
            lines,
            dockerfile: collected.dockerfileName,
            dockerfileInContext: collected.context.dockerfile.pathInContext,
            ignoreFile: shownIgnoreFile ?? ".dockerignore",
          }),
  };
}

async function previousBuild({
  engine,
  configuration,
  cacheFolder,
}: ImageOfOptions): Promise<{ readonly build: ComparedBuild; readonly inputs: readonly BuildInput[] } | undefined> {
  const manifests = manifestsOf({ engine, cacheFolder }, workspaceOf(configuration.folder));
  const latest = await manifests.latest();
  if (latest === undefined) {
    return undefined;
  }
  const { fingerprint, inputs } = latest;
  const lastUsed = (await manifests.lastUsed()).get(fingerprint);
  return { build: { fingerprint, inputs: inputs.length, lastUsed }, inputs };
}

async function builtAt(
  { engine, signal }: ImageOfOptions & CallOptions,
  { state, imageId }: ImageDecision,
): Promise<number | undefined> {
  const image = state !== "fresh" || imageId === undefined ? undefined : await engine.inspectImage(imageId, { signal });
  // Builds that are to be the same everywhere say that they were made in 1970.
  return image === undefined || image.created <= 0 ? undefined : image.created * 1000;
}

function countsOf(
  inputs: readonly BuildInput[],
): Omit<CountedInputs, "inContext" | "dockerfile" | "context" | "ignoreFile" | "reasons"> {
  const count = (...kinds: readonly BuildInput["kind"][]): number =>
    inputs.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    files: count("file"),
    bytes: inputs.reduce((sum, input) => sum + (input.kind === "file" ? input.size : 0), 0),
    folders: count("directory"),
    links: count("symlink"),
    fifos: count("fifo"),
    baseImages: count("base-image"),
    arguments: count("arg"),
    options: count("target", "platform", "option", "certificates"),
  };
}

async function ignoreFileOf(
  build: BuildConfiguration,
  kind: Parameters<typeof ignoreFileCandidates>[0]["kind"],
): Promise<string | undefined> {
  for (const path of ignoreFileCandidates({ ...build, kind })) {
    const there = await stat(path).catch(() => undefined);
    if (there !== undefined) {
      return path;
    }
  }
  return undefined;
}

function isEntry(input: BuildInput): input is ContextEntry {
  switch (input.kind) {
    case "file":
    case "directory":
    case "symlink":
    case "fifo":
      return true;
    default:
      return false;
  }
}
