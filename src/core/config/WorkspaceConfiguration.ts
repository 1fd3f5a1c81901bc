import type { ContainerSpec, Mount, PortRequest } from "../ports/ContainerTypes";

/** A secret that `RUN --mount=type=secret` can read: the value of a variable of this process, or a file of this machine. */
export type BuildSecretSource =
  | { readonly id: string; readonly kind: "env"; readonly variable: string }
  | { readonly id: string; readonly kind: "file"; readonly path: string };

/** What `RUN --mount=type=ssh` can use under an ID. */
export interface BuildSshSource {
  readonly id: string;
  /** Absolute paths of private keys, or of one agent's socket; with none, the agent of SSH_AUTH_SOCK. */
  readonly paths: readonly string[];
}

/** When a base image is asked for at its registry: where it is not there, always, or never. */
export type PullPolicy = "missing" | "always" | "never";

/** How the workspace's image is built. Paths are absolute. */
export interface BuildConfiguration {
  readonly dockerfile: string;
  readonly context: string;
  readonly target: string | undefined;
  readonly platform: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** The network of RUN: "default", "none", "host" (or, where the builder has it, the name of a network). */
  readonly network?: string | undefined;
  /** Addresses of more hosts, by name, for RUN. */
  readonly extraHosts?: Readonly<Record<string, string>> | undefined;
  /** Undefined is "missing". */
  readonly pull?: PullPolicy | undefined;
  /** Builds every step anew when there is something to build. */
  readonly noCache?: boolean | undefined;
  /** A name that the image gets besides the fingerprint's. */
  readonly tag?: string | undefined;
  readonly secrets?: readonly BuildSecretSource[] | undefined;
  readonly ssh?: readonly BuildSshSource[] | undefined;
  /** Images whose layers may be used as cache. */
  readonly cacheFrom?: readonly string[] | undefined;
  /** Where the cache is to be kept for others: "inline", or what the engine knows besides. */
  readonly cacheTo?: readonly string[] | undefined;
}

export type ImageSource =
  | { readonly kind: "build"; readonly build: BuildConfiguration }
  | { readonly kind: "image"; readonly reference: string };

/** How the workspace's files get into a container: mounted, copied (and back, where asked), or not at all. */
export type WorkspaceMode = "bind" | "copy" | "none";

/** How containers run. Paths of this machine are absolute. */
export interface RunConfiguration extends Pick<
  ContainerSpec,
  | "network"
  | "resources"
  | "init"
  | "privileged"
  | "addCapabilities"
  | "dropCapabilities"
  | "securityOptions"
  | "readOnlyRoot"
  | "extraHosts"
> {
  /** Undefined is "bind" on an engine of this machine, and "copy" on any other. */
  readonly workspace?: WorkspaceMode | undefined;
  /** Where the workspace is in the container, and where steps run. */
  readonly workspaceFolder: string;
  /** "host" is the user who asks; undefined is whom the image says. */
  readonly user?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Files with NAME=value lines, as docker's --env-file; `env` comes before them, later ones before earlier ones. */
  readonly envFiles?: readonly string[] | undefined;
  /** Besides the workspace. */
  readonly mounts?: readonly Mount[] | undefined;
  readonly ports: readonly PortRequest[];
  /** "optional" goes on without where the engine has none. */
  readonly gpus?: "optional" | "required" | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Stands before the image's own command; for steps it is of no account. */
  readonly entrypoint?: readonly string[] | undefined;
  /** How long a container in which nothing runs goes on, in milliseconds; 0 removes it with the run. Undefined is ten minutes. */
  readonly keepWarmMs?: number | undefined;
}

/** One command of a task, run in a container that is kept alive. */
export interface StepConfiguration {
  /** For people; unique in its task. */
  readonly name: string;
  /** argv; what was a string has become `/bin/sh -c`. */
  readonly command: readonly string[];
  /** Besides the container's, and before it. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** A name, a uid, "uid:gid", or "host"; undefined is the container's. */
  readonly user?: string | undefined;
  /** Absolute in the container; undefined is the workspace's folder. */
  readonly workingDirectory?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** Its failure does not end the task, nor make it fail. */
  readonly continueOnError?: boolean | undefined;
  /** Waits before it until somebody says to go on, where there is anybody to ask. */
  readonly pause?: boolean | undefined;
}

/** A step that runs once in each container. */
export interface SetupConfiguration extends StepConfiguration {
  /** Patterns of files of the workspace; it runs again when one of those has changed. */
  readonly inputs?: readonly string[] | undefined;
}

export interface CopyInConfiguration {
  /** A path or a pattern (`*`, `**`, `?`, `[…]`) in the workspace, with "/". */
  readonly source: string;
  /** Absolute in the container. A folder when it ends with "/" or `source` is a pattern. */
  readonly target: string;
}

export interface CopyOutConfiguration {
  /** An absolute path or pattern in the container. */
  readonly source: string;
  /** Absolute on this machine, in the workspace. */
  readonly target: string;
  /** Also when the task has failed. */
  readonly onFailure?: boolean | undefined;
  /** How much it may be, all that the engine has to send for it included; undefined are the limits of core/transfer. */
  readonly maxBytes?: number | undefined;
  readonly maxEntries?: number | undefined;
}

/** Something that is put on the image as a layer of its own. */
export interface ResourceConfiguration {
  /** Absolute path of a file or a folder. */
  readonly source: string;
  /** Absolute in the image. */
  readonly target: string;
  /** Permission bits of a file; undefined keeps those of the source. */
  readonly mode?: number | undefined;
}

export interface TaskConfiguration {
  readonly name: string;
  /** At least one. */
  readonly steps: readonly StepConfiguration[];
  readonly copyIn?: readonly CopyInConfiguration[] | undefined;
  readonly copyOut?: readonly CopyOutConfiguration[] | undefined;
  /** Besides run.env, for all its steps. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Runs in a terminal, with the user's own input. */
  readonly interactive?: boolean | undefined;
}

/** What a workspace asks for, whichever file says it. */
export interface WorkspaceConfiguration {
  /** Absolute path of the workspace. */
  readonly folder: string;
  /** Which file decided: for people, relative to the folder. Undefined: the default image. */
  readonly source: string | undefined;
  readonly image: ImageSource;
  readonly run: RunConfiguration;
  readonly resources?: readonly ResourceConfiguration[] | undefined;
  readonly setup?: readonly SetupConfiguration[] | undefined;
  readonly tasks: readonly TaskConfiguration[];
  /** What was asked for and is not done, for people. */
  readonly warnings?: readonly string[] | undefined;
}
