import { LABEL } from "../labels";
import { imageReference } from "../Workspace";
import { buildKey } from "./buildKey";
import { buildFingerprinted, type BuildFingerprintedOptions } from "./buildFingerprinted";
import { buildEvent, buildWarning, type ImageEvent } from "./ImageResolution";
import type { BuildLock, HeldLock } from "./sharing/BuildLock";
import { imageEventCondensing } from "./sharing/imageEventCondensing";
import { SharedRuns } from "./sharing/SharedRuns";

export interface BuildOnceOptions extends BuildFingerprintedOptions {
  readonly locks: BuildLock;
  /** What somebody asked for, whether the image is fresh or not. */
  readonly asked: "nothing" | "rebuild" | "rebuild-without-cache";
}

export interface BuildOutcome {
  readonly imageId: string;
  /** False where somebody else had built the image just before. */
  readonly wasBuilt: boolean;
}

/** Those of this process. */
const builds = new SharedRuns<ImageEvent, BuildOutcome>(imageEventCondensing);

/**
 * Builds an image, unless somebody does so already: within this process, the build that runs is followed; another
 * process is waited for, and then its image taken. The signal ends one's own share; the build ends with the last who
 * follows it.
 */
export async function* buildOnce(options: BuildOnceOptions): AsyncGenerator<ImageEvent, BuildOutcome> {
  const { engine, workspace, collected, asked, signal } = options;
  const reference = imageReference(workspace, collected.fingerprint);
  const key = buildKey(engine, reference);
  return yield* builds.follow({
    key,
    noCache: asked === "rebuild-without-cache",
    signal,
    joining: buildEvent({ type: "progress", message: "This image is being built already: following that build" }),
    start: (shared) => buildLocked({ ...options, signal: shared }, key, reference),
  });
}

async function* buildLocked(
  options: BuildOnceOptions,
  key: string,
  reference: string,
): AsyncGenerator<ImageEvent, BuildOutcome> {
  const { engine, collected, asked, locks, signal } = options;
  // A lock that was waited for says nothing: who had it may have failed, or died.
  const replaced = asked === "rebuild" ? await engine.inspectImage(reference, { signal }) : undefined;
  const lock = yield* acquireBuildLock(locks, key, signal);
  try {
    // Another process may have built it since it was looked for.
    const image = asked === "rebuild-without-cache" ? undefined : await engine.inspectImage(reference, { signal });
    if (image?.labels[LABEL.fingerprint] === collected.fingerprint && image.id !== replaced?.id) {
      return { imageId: image.id, wasBuilt: false };
    }
    return { imageId: yield* buildFingerprinted(options), wasBuilt: true };
  } finally {
    await lock.release();
  }
}

/** Takes the lock, and tells as an image's event that somebody else has it. */
export async function* acquireBuildLock(
  locks: BuildLock,
  key: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ImageEvent, HeldLock> {
  const taking = locks.acquire(key, { signal });
  try {
    for (;;) {
      const next = await taking.next();
      if (next.done === true) {
        return next.value;
      }
      const { type, message } = next.value;
      yield type === "waiting" ? buildEvent({ type: "progress", message }) : buildWarning(message);
    }
  } finally {
    // Whoever leaves while it is waited for leaves the queue, too; after the end this does nothing.
    await taking.return({ release: async () => Promise.resolve() });
  }
}
