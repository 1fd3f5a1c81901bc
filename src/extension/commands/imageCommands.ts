import * as vscode from "vscode";
import { z } from "zod";
import { cleanUpImages, type CleanUpOutcome } from "../../core/image/list/cleanUpImages";
import { describeKeepReason } from "../../core/image/list/describeKeepReason";
import { formatAge } from "../../core/image/list/formatAge";
import { formatSize } from "../../core/image/list/formatSize";
import { removeWorkspaceImage } from "../../core/image/list/removeWorkspaceImage";
import { shortName, usedAt, type WorkspaceImage } from "../../core/image/list/WorkspaceImage";
import { ImageRemovalError } from "../../core/errors/imageErrors";
import type { ImageStatusTracker } from "../../core/status/ImageStatusTracker";
import type { EngineAccess } from "../EngineAccess";
import { SETTING } from "../ids";
import type { JsonDocuments } from "../JsonDocuments";
import type { ImageStatuses } from "../ImageStatuses";
import type { ImageNode, ImagesTreeProvider } from "../ImagesTreeProvider";
import type { Outputs } from "../Outputs";
import { readSetting } from "../readSetting";
import { untilLooked } from "../untilLooked";
import type { WorkspaceAccess } from "../WorkspaceAccess";
import { imagesOf, type WorkspaceImages } from "../WorkspaceImages";

export interface ImageParts {
  readonly engines: EngineAccess;
  readonly workspace: WorkspaceAccess;
  readonly statuses: ImageStatuses;
  readonly images: ImagesTreeProvider;
  readonly documents: JsonDocuments;
  readonly outputs: Outputs;
}

/** Of a dialog that lists images. */
const MOST_LINES = 12;

export async function copyImageName({ image }: ImageNode): Promise<void> {
  await vscode.env.clipboard.writeText(image.name ?? image.id);
}

/** Shows the engine's details and what Slipway knows besides. */
export async function inspectImage({ documents }: ImageParts, { image, source }: ImageNode): Promise<void> {
  const details = await source.engine.inspectImage(image.id);
  if (details === undefined) {
    tellGone(image);
    return;
  }
  await documents.show(shortName(image), { ...details, slipway: image });
}

/** Asks first when it is the fresh one, which the next build would have to make again. */
export async function removeImage({ images }: ImageParts, { image, source }: ImageNode): Promise<void> {
  if (image.state === "fresh") {
    const remove = vscode.l10n.t("Remove Image");
    const message = vscode.l10n.t("{0} is fresh. Remove it?", shortName(image));
    const detail = vscode.l10n.t("The next run has to build it again.");
    if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, remove)) !== remove) {
      return;
    }
  }
  const outcome = await removeWorkspaceImage(image, source);
  images.refresh();
  switch (outcome.kind) {
    case "removed":
      return;
    case "gone":
      tellGone(image);
      return;
    case "untagged":
      void vscode.window.showInformationMessage(
        vscode.l10n.t("Only Slipway's name is gone: the image stays as {0}.", outcome.otherNames.join(", ")),
      );
      return;
    case "in-use":
      void vscode.window.showWarningMessage(
        outcome.by.length === 0
          ? vscode.l10n.t("The engine holds on to {0}: another image was made of it.", shortName(image))
          : vscode.l10n.t(
              "{0} is in use by {1}. Remove that container first.",
              shortName(image),
              outcome.by.join(", "),
            ),
      );
  }
}

function tellGone(image: WorkspaceImage): void {
  void vscode.window.showInformationMessage(vscode.l10n.t("{0} is not there any more.", shortName(image)));
}

/** What a clean-up of a folder would remove. */
interface Planned {
  readonly source: WorkspaceImages;
  readonly tracker: ImageStatusTracker;
  readonly keep: number;
  readonly outcomes: readonly CleanUpOutcome[];
}

/**
 * Clean Up: removes superseded images, once somebody has seen which.
 *
 * @param folder undefined is all of the window.
 */
export async function cleanUpImagesCommand(
  parts: ImageParts,
  folder: vscode.WorkspaceFolder | undefined,
): Promise<void> {
  // It stays open until all is done, also when another engine is selected meanwhile.
  const lease = await parts.engines.monitor.lease();
  try {
    const plans: Planned[] = [];
    for (const each of folder === undefined ? parts.workspace.folders() : [folder]) {
      plans.push(await plan(parts, each, await imagesOf(each, lease.engine)));
    }
    const images = plans.flatMap(({ outcomes }) => removable(outcomes));
    const kept = plans.flatMap(({ outcomes }) => lines(outcomes));
    if (images.length === 0) {
      void vscode.window.showInformationMessage([vscode.l10n.t("There is no image to remove."), ...kept].join(" "));
      return;
    }
    if (await confirm(images, kept)) {
      await carryOut(parts, plans);
    }
  } catch (error) {
    parts.engines.monitor.reportFailure(lease.engine, error);
    throw error;
  } finally {
    lease.release();
    parts.images.refresh();
  }
}

async function plan(
  { statuses }: ImageParts,
  folder: vscode.WorkspaceFolder,
  source: WorkspaceImages,
): Promise<Planned> {
  const keep = readSetting(SETTING.keepImages, z.int().min(0), folder.uri);
  const tracker = statuses.of(folder);
  // Which one is fresh must be known: an older one may be, of which nobody has thought.
  await untilLooked(tracker, { anew: true });
  const { fingerprint } = tracker;
  const outcomes = await collect(cleanUpImages({ ...source, fingerprint, keep, dryRun: true }));
  return { source, tracker, keep, outcomes };
}

async function confirm(images: readonly WorkspaceImage[], kept: readonly string[]): Promise<boolean> {
  const shown = images.slice(0, MOST_LINES).map((image) => {
    const age = formatAge(Date.now() - usedAt(image));
    return `${shortName(image)}: ${formatSize(image.sizeBytes)}, ${age}`;
  });
  const more = images.length - shown.length;
  const detail = [
    ...shown,
    ...(more > 0 ? [vscode.l10n.t("and {0} more", more)] : []),
    "",
    ...kept,
    vscode.l10n.t("Layers that other images share stay, so that less than this is freed."),
  ].join("\n");
  const size = formatSize(images.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const message =
    images.length === 1
      ? vscode.l10n.t("Remove 1 superseded image of {0}?", size)
      : vscode.l10n.t("Remove {0} superseded images of {1} together?", images.length, size);
  const remove = vscode.l10n.t("Remove");
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, remove)) === remove;
}

async function carryOut({ outputs }: ImageParts, plans: readonly Planned[]): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t("Removing images"),
    cancellable: true,
  };
  const outcomes = await vscode.window.withProgress(options, async (_, token) => {
    const controller = new AbortController();
    const cancellation = token.onCancellationRequested(() => {
      controller.abort();
    });
    try {
      const all: CleanUpOutcome[] = [];
      for (const { source, tracker, keep, outcomes: planned } of plans) {
        // Files may have changed while somebody was thinking about it.
        await untilLooked(tracker, { anew: true });
        const { fingerprint } = tracker;
        const only = new Set(removable(planned).map(({ id }) => id));
        const { signal } = controller;
        all.push(...(await collect(cleanUpImages({ ...source, fingerprint, keep, only, signal }))));
      }
      return all;
    } finally {
      cancellation.dispose();
    }
  });
  const removed = outcomes.filter(({ kind }) => kind === "removed").length;
  outputs.log.info(`Clean-up: images removed: ${String(removed)}`);
  vscode.window.setStatusBarMessage(
    `$(check) ${removed === 1 ? vscode.l10n.t("1 image removed") : vscode.l10n.t("{0} images removed", removed)}`,
    5_000,
  );
  const failures = outcomes.flatMap((outcome) => (outcome.kind === "failed" ? [outcome.message] : []));
  if (failures.length > 0) {
    throw new ImageRemovalError(failures);
  }
}

function removable(outcomes: readonly CleanUpOutcome[]): readonly WorkspaceImage[] {
  return outcomes.flatMap(({ kind, image }) => (kind === "would-remove" ? [image] : []));
}

/** Of images that stay though nobody would expect it, why. */
function lines(outcomes: readonly CleanUpOutcome[]): readonly string[] {
  return outcomes.flatMap((outcome) =>
    outcome.kind === "kept" && outcome.reason.kind !== "current" && outcome.reason.kind !== "recent"
      ? [vscode.l10n.t("{0} stays: {1}.", shortName(outcome.image), describeKeepReason(outcome.reason))]
      : [],
  );
}

async function collect(events: AsyncIterable<CleanUpOutcome>): Promise<readonly CleanUpOutcome[]> {
  const found: CleanUpOutcome[] = [];
  for await (const event of events) {
    found.push(event);
  }
  return found;
}
