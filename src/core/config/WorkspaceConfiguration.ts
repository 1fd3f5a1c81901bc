import type { PortRequest } from "../ports/ContainerTypes";

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

export interface RunConfiguration {
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly PortRequest[];
  /** Where the workspace is mounted in the container. */
  readonly workspaceFolder: string;
  /** "host" is the user who asks; undefined is whom the image says. */
  readonly user?: string | undefined;
}

export interface TaskConfiguration {
  readonly name: string;
  /** argv */
  readonly command: readonly string[];
}

/** What a workspace asks for, whichever file says it. */
export interface WorkspaceConfiguration {
  /** Absolute path of the workspace. */
  readonly folder: string;
  /** Which file decided: for people, relative to the folder. Undefined: the default image. */
  readonly source: string | undefined;
  readonly image: ImageSource;
  readonly run: RunConfiguration;
  readonly tasks: readonly TaskConfiguration[];
}
