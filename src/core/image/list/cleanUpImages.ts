import { setTimeout } from "node:timers/promises";
import { messageOf } from "../../errors/ExpectedError";
import { EngineRequestError } from "../../errors/engineErrors";
import { imageReference } from "../../Workspace";
import { buildKey } from "../buildKey";
import type { BuildLock } from "../sharing/BuildLock";
import { forgetImage } from "./forgetImage";
import { imageUsers } from "./imageUsers";
import { listWorkspaceImages, type ListImagesOptions } from "./listWorkspaceImages";
import { isBusy, isJustUsed, planCleanUp, protectionOf, type KeepReason } from "./planCleanUp";
import type { WorkspaceImage } from "./WorkspaceImage";

/** How often, and how long in milliseconds after the first time, is looked whether an image is on its way out. */
const LOOKS = 3;
const LOOK_PAUSE_MS = 50;

export interface CleanUpOptions extends ListImagesOptions {
  /** How many superseded images stay, those that were used last. */
  readonly keep: number;
  /** Only says what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Removes nothing but these, by their IDs: what somebody has agreed to. */
  readonly only?: ReadonlySet<string> | undefined;
  /**
   * Leaves alone also what another process has used just now, however old it is: it may be about to make a container of
   * it. Whoever asks for a clean-up means those, too; after a build, nobody has asked.
   */
  readonly sparesOthers?: boolean | undefined;
  /** Tells which images are being built right now. */
  readonly locks: BuildLock;
}

/** What became of an image. */
export type CleanUpOutcome =
  | { readonly kind: "removed"; readonly image: WorkspaceImage }
  /** In a dry run. */
  | { readonly kind: "would-remove"; readonly image: WorkspaceImage }
  /** Somebody else was quicker. */
  | { readonly kind: "gone"; readonly image: WorkspaceImage }
  | { readonly kind: "kept"; readonly image: WorkspaceImage; readonly reason: KeepReason }
  | { readonly kind: "failed"; readonly image: WorkspaceImage; readonly message: string };

/**
 * Removes superseded images of a workspace, and what was written down of them. Never by force, never what a container
 * uses or somebody has named, never the fresh image or the one that the next build replaces. An image that cannot be
 * removed does not hold up the others. Rejects when the engine is lost.
 */
export async function* cleanUpImages(options: CleanUpOptions): AsyncGenerator<CleanUpOutcome> {
  const { keep, only, dryRun, signal } = options;
  const images = await listWorkspaceImages(options);
  const current = images.find(({ state }) => state !== "superseded");
  for (const { image, keep: reason } of planCleanUp(images, { keep, now: Date.now() })) {
    signal?.throwIfAborted();
    if (reason !== undefined) {
      yield { kind: "kept", image, reason };
    } else if (only?.has(image.id) === false) {
      yield { kind: "kept", image, reason: { kind: "busy" } };
    } else if (dryRun === true) {
      yield { kind: "would-remove", image };
    } else {
      yield await remove(image, current, options);
    }
  }
}

async function remove(
  image: WorkspaceImage,
  current: WorkspaceImage | undefined,
  options: CleanUpOptions,
): Promise<CleanUpOutcome> {
  const { engine, signal } = options;
  try {
    const reason = await reasonToStop(image, current, options);
    if (reason !== undefined) {
      return reason === "gone" ? { kind: "gone", image } : { kind: "kept", image, reason };
    }
    // By its ID it goes only as a whole: by its name, an image that has got that name or another one meanwhile would
    // lose it.
    switch (await engine.removeImage(image.id, { signal })) {
      case "removed":
        await forgetImage(image, options);
        // Podman keeps, without a name, what another image was made of.
        return (await engine.inspectImage(image.id)) === undefined
          ? { kind: "removed", image }
          : { kind: "kept", image, reason: { kind: "engine" } };
      case "not-found":
        return { kind: "gone", image };
      case "in-use":
        return { kind: "kept", image, reason: await whyInUse(image, options) };
    }
  } catch (error) {
    if (!(error instanceof EngineRequestError)) {
      throw error;
    }
    return (await vanishes(image, options))
      ? { kind: "gone", image }
      : { kind: "failed", image, message: messageOf(error) };
  }
}

/** What has changed since the images were listed: removing many takes its time, and other windows build meanwhile. */
async function reasonToStop(
  image: WorkspaceImage,
  current: WorkspaceImage | undefined,
  { engine, workspace, manifests, locks, sparesOthers, signal }: CleanUpOptions,
): Promise<KeepReason | "gone" | undefined> {
  // In this order: who has stopped building writes down right after that the image was used.
  if (await locks.isHeld(buildKey(engine, imageReference(workspace, image.fingerprint)))) {
    return { kind: "busy" };
  }
  const lastUsed = image.name === undefined ? undefined : (await manifests.lastUsed()).get(image.fingerprint);
  if (isBusy({ ...image, lastUsed }, { current, now: Date.now() })) {
    return { kind: "busy" };
  }
  if (
    sparesOthers === true &&
    image.name !== undefined &&
    isJustUsed({ ...image, lastUsed }, Date.now()) &&
    !(await manifests.isLastUseOwn(image.fingerprint))
  ) {
    return { kind: "busy" };
  }
  const now = await engine.inspectImage(image.id, { signal });
  if (now === undefined) {
    return "gone";
  }
  const own = imageReference(workspace, image.fingerprint);
  const repository = own.slice(0, own.lastIndexOf(":"));
  const otherNames = [
    ...now.references.filter((reference) => reference !== own),
    // By its digest only it can be known, too: to who has pulled it so, or has pushed it and removed the tag.
    ...now.digests.filter((digest) => !digest.startsWith(`${repository}@`)),
  ];
  return protectionOf({ usedBy: [], otherNames });
}

/** Podman fails, in one way or another, on an image that somebody else is removing at the same moment. */
async function vanishes({ id }: WorkspaceImage, { engine, signal }: CleanUpOptions): Promise<boolean> {
  for (let attempt = 1; attempt <= LOOKS; attempt++) {
    try {
      if ((await engine.inspectImage(id, { signal })) === undefined) {
        return true;
      }
    } catch (error) {
      if (!(error instanceof EngineRequestError)) {
        throw error;
      }
    }
    await setTimeout(LOOK_PAUSE_MS * attempt, undefined, { signal });
  }
  return false;
}

async function whyInUse({ id }: WorkspaceImage, { engine, signal }: CleanUpOptions): Promise<KeepReason> {
  const usedBy = (await imageUsers(engine, { signal })).get(id) ?? [];
  return protectionOf({ usedBy, otherNames: [] }) ?? { kind: "engine" };
}
