import type { Labels } from "./ports/ContainerTypes";
import { currentOwner, formatOwner } from "./owner";
import type { Workspace } from "./Workspace";

/** Everything that Slipway makes on an engine carries labels with this prefix, and nothing else is ever touched. */
export const LABEL_PREFIX = "dev.slipway.";

export const LABEL = {
  /** Hash of the workspace's folder. */
  workspace: `${LABEL_PREFIX}workspace`,
  folder: `${LABEL_PREFIX}folder`,
  /** One run of the editor or the CLI. */
  session: `${LABEL_PREFIX}session`,
  /** The process that made it; see owner.ts. */
  owner: `${LABEL_PREFIX}owner`,
  fingerprint: `${LABEL_PREFIX}fingerprint`,
  /** "build" on images; on containers "task" for those of one command, "warm" for those that wait for steps. */
  kind: `${LABEL_PREFIX}kind`,
  /** "true" on every container that Slipway makes. */
  container: `${LABEL_PREFIX}container`,
  /** On warm containers: SHA-256 of the image and of all that the container was asked for with. */
  run: `${LABEL_PREFIX}run`,
  /** The container's own name: one made of an image that was committed from it inherits the label, not the name. */
  name: `${LABEL_PREFIX}name`,
  task: `${LABEL_PREFIX}task`,
  /** "true" on containers that stay, stopped, when their command has ended. */
  keep: `${LABEL_PREFIX}keep`,
  /** ISO 8601. */
  created: `${LABEL_PREFIX}created`,
} as const;

/** What finds the images of a workspace. Images made FROM one of them, and their containers, inherit it. */
export function workspaceLabels(workspace: Workspace): Labels {
  return { [LABEL.workspace]: workspace.id };
}

/** What finds the containers that Slipway made, for whichever workspace. */
export const CONTAINER_LABELS: Labels = { [LABEL.container]: "true" };

/**
 * What finds the containers that Slipway made for a workspace. A container that somebody else made of Slipway's image
 * inherits the image's labels, but not this one.
 */
export function containerLabels(workspace: Workspace): Labels {
  return { ...workspaceLabels(workspace), ...CONTAINER_LABELS };
}

/** The same for the same inputs: labels are part of the image, and must not make one image differ from the next. */
export function imageLabels(workspace: Workspace, fingerprint: string): Labels {
  return {
    ...workspaceLabels(workspace),
    [LABEL.folder]: workspace.folder,
    [LABEL.fingerprint]: fingerprint,
    [LABEL.kind]: "build",
  };
}

export interface TaskLabelOptions {
  readonly workspace: Workspace;
  /** Undefined for the image's own command. */
  readonly task: string | undefined;
  /** Undefined where the image was not built by Slipway. */
  readonly fingerprint: string | undefined;
  readonly session: string;
  readonly keep: boolean;
  /** Of the container. */
  readonly name: string;
}

export function taskLabels(options: TaskLabelOptions): Labels {
  const { task } = options;
  return { ...madeLabels(options), [LABEL.kind]: "task", ...(task === undefined ? {} : { [LABEL.task]: task }) };
}

/** @param options `keep` is whether it is meant to outlive the run for which it is made. */
export function warmLabels(options: Omit<TaskLabelOptions, "task"> & { readonly key: string }): Labels {
  return { ...madeLabels(options), [LABEL.kind]: "warm", [LABEL.run]: options.key };
}

function madeLabels({ workspace, fingerprint, session, keep, name }: Omit<TaskLabelOptions, "task">): Labels {
  return {
    ...containerLabels(workspace),
    [LABEL.folder]: workspace.folder,
    [LABEL.keep]: String(keep),
    [LABEL.name]: name,
    [LABEL.session]: session,
    [LABEL.owner]: formatOwner(currentOwner()),
    [LABEL.created]: new Date().toISOString(),
    ...(fingerprint === undefined ? {} : { [LABEL.fingerprint]: fingerprint }),
  };
}
