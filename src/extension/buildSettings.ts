import type * as vscode from "vscode";
import { z } from "zod";
import type { PullPolicy } from "../core/config/WorkspaceConfiguration";
import { SETTING } from "./ids";
import { readSetting } from "./readSetting";

/** What the settings of a folder say of its image, as they are when a job begins. Throws WorkspaceError. */
export interface BuildSettings {
  /** Every job builds, also when the image is fresh. */
  readonly force: boolean;
  /** Counts where slipway.json says nothing. */
  readonly pull: PullPolicy;
  /** How many superseded images stay after a build. */
  readonly keepImages: number;
}

export function readBuildSettings(folder: vscode.WorkspaceFolder): BuildSettings {
  return {
    force: readSetting(SETTING.forceRebuild, z.boolean(), folder.uri),
    pull: readSetting(SETTING.pull, z.enum(["missing", "always", "never"]), folder.uri),
    keepImages: readSetting(SETTING.keepImages, z.int().min(0), folder.uri),
  };
}
