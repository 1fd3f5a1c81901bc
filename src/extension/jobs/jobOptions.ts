import type * as vscode from "vscode";
import { z } from "zod";
import { cacheFolder } from "../../core/cacheFolder";
import { resolveUserPath } from "../../core/config/resolveUserPath";
import type { WorkspaceConfiguration } from "../../core/config/WorkspaceConfiguration";
import { homeFolder } from "../../core/homeFolder";
import type { BuildAndRunOptions } from "../../core/job/buildAndRun";
import { readBuildSettings, type BuildSettings } from "../buildSettings";
import { SETTING } from "../ids";
import { readNetwork } from "../networkReader";
import { readSetting } from "../readSetting";

export interface JobSource {
  readonly folder: vscode.WorkspaceFolder;
  readonly configuration: WorkspaceConfiguration;
}

/** Of every job, but for the engine. Throws WorkspaceError. */
export function imageOptions({ folder, configuration }: JobSource): ImageJobOptions {
  return { configuration, cacheFolder: cacheFolder(), network: readNetwork, ...readBuildSettings(folder) };
}

/** Of jobs that run something. @param session names this run of the editor on what it makes. */
export function runOptions(source: JobSource, session: string): RunJobOptions {
  return { ...imageOptions(source), session, relabel: relabelSetting(), allowedFolders: allowedFolders() };
}

type ImageJobOptions = BuildSettings & Pick<BuildAndRunOptions, "configuration" | "cacheFolder" | "network">;
type RunJobOptions = ImageJobOptions & Pick<BuildAndRunOptions, "session" | "relabel" | "allowedFolders">;

function relabelSetting(): "shared" | "private" | undefined {
  const value = readSetting(SETTING.selinuxRelabel, z.enum(["none", "shared", "private"]));
  return value === "none" ? undefined : value;
}

function allowedFolders(): readonly string[] {
  const home = homeFolder();
  return readSetting(SETTING.allowedMounts, z.array(z.string())).map((path) =>
    resolveUserPath(path, { base: home, home }),
  );
}
