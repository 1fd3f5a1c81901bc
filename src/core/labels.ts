import type { Labels } from "./ports/ContainerTypes";
import { currentOwner, formatOwner } from "./owner";
import type { Workspace } from "./Workspace";

/** Everything that Slipway makes on an engine carries labels with this prefix, and nothing else is ever touched. */
const PREFIX = "dev.slipway.";

export const LABEL = {
  /** Hash of the workspace's folder. */
  workspace: `${PREFIX}workspace`,
  folder: `${PREFIX}folder`,
  /** One run of the editor or the CLI. */
  session: `${PREFIX}session`,
  /** The process that made it; see owner.ts. */
  owner: `${PREFIX}owner`,
  fingerprint: `${PREFIX}fingerprint`,
  /** "build" on images, "task" on containers. */
  kind: `${PREFIX}kind`,
  /** The container's own name: one made of an image that was committed from it inherits the label, not the name. */
  name: `${PREFIX}name`,
  task: `${PREFIX}task`,
  /** "true" on containers that stay, stopped, when their command has ended. */
  keep: `${PREFIX}keep`,
  /** ISO 8601. */
  created: `${PREFIX}created`,
} as const;

/** What finds the images of a workspace. Images made FROM one of them, and their containers, inherit it. */
export function workspaceLabels(workspace: Workspace): Labels {
  return { [LABEL.workspace]: workspace.id };
}

/**
 * What finds the containers that Slipway made for a workspace. A container that somebody else made of Slipway's image
 * inherits the image's labels, and so has another kind.
 */
export function containerLabels(workspace: Workspace): Labels {
  return { ...workspaceLabels(workspace), [LABEL.kind]: "task" };
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

export function taskLabels({ workspace, task, fingerprint, session, keep, name }: TaskLabelOptions): Labels {
  return {
    ...containerLabels(workspace),
    [LABEL.folder]: workspace.folder,
    [LABEL.keep]: String(keep),
    [LABEL.name]: name,
    [LABEL.session]: session,
    [LABEL.owner]: formatOwner(currentOwner()),
    [LABEL.created]: new Date().toISOString(),
    ...(task === undefined ? {} : { [LABEL.task]: task }),
    ...(fingerprint === undefined ? {} : { [LABEL.fingerprint]: fingerprint }),
  };
}
