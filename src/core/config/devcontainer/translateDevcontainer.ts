import { dirname, join } from "node:path";
import type { ConfigurationProblem } from "../../errors/configurationErrors";
import { findConflicts } from "../findConflicts";
import type { JsonFile } from "../JsonFile";
import { slipwayFile, type SlipwayFile } from "../slipwayFile";
import { buildFromDevcontainer } from "./buildFromDevcontainer";
import { devcontainerFile, OTHERS_KEYS, type DevcontainerFile } from "./devcontainerFile";
import { needsContainer } from "./DevcontainerVariables";
import { lifecycleSteps } from "./lifecycleSteps";
import { runFromDevcontainer } from "./runFromDevcontainer";
import { TranslationNotes } from "./TranslationNotes";

export interface TranslateOptions {
  readonly devcontainer: DevcontainerFile;
  /** Its text, for the places of problems. */
  readonly json: JsonFile;
  /** In the folder. */
  readonly path: string;
  /** Absolute path of the workspace. */
  readonly folder: string;
  /** Where the workspace is in the container. */
  readonly workspaceFolder: string;
  /** Of the process. */
  readonly env: NodeJS.ProcessEnv;
}

/** A devcontainer.json in the words of slipway.json. */
export interface Translation {
  /** Paths of this machine are absolute in it. */
  readonly file: SlipwayFile;
  /** What is asked for and not done, for people. */
  readonly warnings: readonly string[];
}

export function translateDevcontainer(options: TranslateOptions): {
  readonly value: Translation;
  readonly problems: readonly ConfigurationProblem[];
} {
  const { devcontainer, json, path, folder } = options;
  const notes = new TranslationNotes(json, path);
  tellWhatIsNotDone(devcontainer, notes);
  const build = buildFromDevcontainer(devcontainer, notes, dirname(join(folder, path)));
  const { image } = devcontainer;
  if (image !== undefined && !slipwayFile.shape.image.safeParse(image).success) {
    notes.problem(["image"], 'is not the name of an image. Write it in lower case, like "node:20".');
  }
  const setup = lifecycleSteps(devcontainer);
  const file: SlipwayFile = {
    // As in Dev Containers, which build where both are given.
    ...(build === undefined ? (image === undefined ? {} : { image }) : { build }),
    run: runFromDevcontainer({ ...options, notes }),
    ...(setup.length === 0 ? {} : { setup }),
  };
  for (const { message } of findConflicts(file)) {
    notes.problem([], message);
  }
  return { value: { file, warnings: notes.warnings }, problems: notes.problems };
}

function tellWhatIsNotDone(devcontainer: DevcontainerFile, notes: TranslationNotes): void {
  const { features = {}, overrideCommand } = devcontainer;
  if (devcontainer["dockerComposeFile"] !== undefined) {
    const message =
      "dockerComposeFile: Slipway does not run Docker Compose. Name an image or a Dockerfile instead, or write a slipway.json, which comes first.";
    notes.problemOfKey(["dockerComposeFile"], message);
  }
  if (Object.keys(features).length > 0) {
    notes.warn(`features are not applied: ${Object.keys(features).join(", ")}`);
  }
  if (devcontainer["initializeCommand"] !== undefined) {
    notes.warn("initializeCommand is not run: it would run on this machine, outside of any container");
  }
  if (devcontainer["postAttachCommand"] !== undefined) {
    notes.warn("postAttachCommand is not run: no editor is attached to the container");
  }
  if (overrideCommand === false) {
    notes.warn("overrideCommand is false, but the image's own command does not run beside tasks");
  }
  const known = [...Object.keys(devcontainerFile.shape), ...OTHERS_KEYS, ...TOLD];
  const unknown = Object.keys(devcontainer).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    notes.warn(`not known to Slipway, and without effect: ${unknown.join(", ")}`);
  }
  for (const { name, command } of lifecycleSteps(devcontainer)) {
    if ([command].flat().some(needsContainer)) {
      notes.warn(`${name} has a variable in it that is known only in the container, and is left as it is`);
    }
  }
}

/** What is spoken of here. */
const TOLD = ["dockerComposeFile", "service", "runServices", "initializeCommand", "postAttachCommand"];
