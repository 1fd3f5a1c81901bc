import { cacheFolder } from "../core/cacheFolder";
import { ContainerRemovalError } from "../core/errors/jobErrors";
import { ExpectedError, messageOf } from "../core/errors/ExpectedError";
import { isEngineAway } from "../core/errors/engineErrors";
import { ImageRemovalError } from "../core/errors/imageErrors";
import { cleanUpImages, type CleanUpOutcome } from "../core/image/list/cleanUpImages";
import { listWorkspaceImages, type ListImagesOptions } from "../core/image/list/listWorkspaceImages";
import { checkImage, locksOf, manifestsOf } from "../core/job/resolveImage";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import { formatCleanUp, formatOutcome, formatOutcomeAsJson } from "./formatCleanUp";
import { formatImages } from "./formatImages";
import { networkReader } from "./networkReader";
import { openFolder } from "./openFolder";
import { openConfiguration, openEngine } from "./openWorkspace";
import type { BuiltImageOptions, GcCommand } from "./CliCommand";
import { collectContainers } from "./collectContainers";
import { writeOut } from "./writeOut";

/** `slipway images` */
export async function listImages(options: BuiltImageOptions, signal: AbortSignal): Promise<number> {
  const images = await listWorkspaceImages(await openImages(options, signal));
  const lines = options.json ? images.map((image) => JSON.stringify(image)) : formatImages(images, Date.now());
  if (images.length === 0) {
    await say(options.json ? undefined : "this workspace has no images; slipway build makes one");
  } else {
    await writeOut(process.stdout, lines.map((line) => `${line}\n`).join(""));
  }
  return 0;
}

/**
 * `slipway gc`: containers first, of which images may be free then. Rejects with ImageRemovalError or
 * ContainerRemovalError where something stays that was to go.
 */
export async function collectGarbage(options: GcCommand, signal: AbortSignal): Promise<number> {
  const { keep, dryRun, json } = options;
  const opened = await openImages(options, signal);
  const left = await collectContainers(options, opened);
  const outcomes: CleanUpOutcome[] = [];
  for await (const outcome of cleanUpImages({ ...opened, locks: locksOf(cacheFolder()), keep, dryRun })) {
    outcomes.push(outcome);
    await writeOut(process.stdout, `${json ? formatOutcomeAsJson(outcome) : formatOutcome(outcome)}\n`);
  }
  await say(json ? undefined : formatCleanUp(outcomes));
  const failures = outcomes.flatMap((outcome) => (outcome.kind === "failed" ? [outcome.message] : []));
  if (failures.length > 0) {
    throw new ImageRemovalError(failures);
  }
  if (left.length > 0) {
    throw new ContainerRemovalError(left);
  }
  return 0;
}

async function openImages(options: BuiltImageOptions, signal: AbortSignal): Promise<ListImagesOptions> {
  const workspace = await openFolder(options);
  const engine = await openEngine(options, signal);
  const manifests = manifestsOf({ engine, cacheFolder: cacheFolder() }, workspace);
  return { engine, workspace, manifests, fingerprint: await currentFingerprint(options, engine, signal), signal };
}

/** Images can be listed, and cleaned up, whatever is wrong with the files. */
async function currentFingerprint(
  options: BuiltImageOptions,
  engine: ContainerEngine,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const configuration = await openConfiguration(options);
    const network = networkReader(options);
    return (await checkImage({ engine, configuration, cacheFolder: cacheFolder(), network, signal })).fingerprint;
  } catch (error) {
    if (!(error instanceof ExpectedError) || isEngineAway(error)) {
      throw error;
    }
    await say(`whether an image is fresh cannot be told: ${messageOf(error)}`);
    return undefined;
  }
}

async function say(text: string | undefined): Promise<void> {
  if (text !== undefined) {
    await writeOut(process.stderr, `slipway: ${text}\n`);
  }
}
