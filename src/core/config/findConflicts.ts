import { isUnreadable } from "./checkedBy";
import { isWithin, normalContainerPath } from "./containerPath";
import type { JsonPath } from "./JsonFile";
import { readMount } from "./readMount";
import type { SlipwayFile } from "./slipwayFile";

export const DEFAULT_WORKSPACE_FOLDER = "/workspace";

export interface Conflict {
  /** Of what comes second. */
  readonly path: JsonPath;
  readonly message: string;
  /** It is about the key rather than its value. */
  readonly ofKey?: boolean;
}

/** What cannot be together in a file whose parts are valid each by itself. */
export function findConflicts(file: SlipwayFile): readonly Conflict[] {
  return [
    ...(file.build !== undefined && file.image !== undefined
      ? [{ path: ["image"], message: 'give either "build" or "image", not both', ofKey: true }]
      : []),
    ...mountConflicts(file),
    ...resourceConflicts(file),
  ];
}

/** Where the workspace covers what is there; undefined where it does not get into the container. */
function workspaceFolderOf({ run }: SlipwayFile): string | undefined {
  return run?.workspace === "none" ? undefined : normalContainerPath(run?.workspaceFolder ?? DEFAULT_WORKSPACE_FOLDER);
}

function mountTargets({ run }: SlipwayFile): readonly string[] {
  return (run?.mounts ?? []).map((value) => {
    const mount = readMount(value, { base: "/", home: "/" });
    return isUnreadable(mount) ? "" : mount.target;
  });
}

function mountConflicts(file: SlipwayFile): readonly Conflict[] {
  const workspaceFolder = workspaceFolderOf(file);
  const targets = mountTargets(file);
  return targets.flatMap((target, index) => {
    const path = ["run", "mounts", index];
    if (target === workspaceFolder) {
      return [{ path, message: `the workspace is at ${target} itself: choose another target or run.workspaceFolder` }];
    }
    return targets.indexOf(target) < index ? [{ path, message: `the target ${target} is there twice` }] : [];
  });
}

function resourceConflicts(file: SlipwayFile): readonly Conflict[] {
  const workspaceFolder = workspaceFolderOf(file);
  const covers = [...(workspaceFolder === undefined ? [] : [workspaceFolder]), ...mountTargets(file)];
  const targets = (file.resources ?? []).map(({ target }) => normalContainerPath(target));
  return targets.flatMap((target, index) => {
    const path = ["resources", index, "target"];
    const cover = covers.find((folder) => isWithin(target, folder));
    if (cover !== undefined) {
      return [{ path, message: `${target} would not be seen: what is mounted at ${cover} covers it` }];
    }
    return targets.indexOf(target) < index ? [{ path, message: `the target ${target} is there twice` }] : [];
  });
}
