import type { BuildFlags } from "./buildFlags";
import type { RunFlags } from "./runFlags";

export interface CommonOptions {
  readonly workspace: string;
  readonly engine: string | undefined;
  readonly json: boolean;
  readonly file: string | undefined;
}

/** What builds and containers are told of the network. */
export interface NetworkFlags {
  /** PEM files with authorities to trust. */
  readonly extraCa: readonly string[];
  /** Whether this process's own proxies count. */
  readonly propagateProxy: boolean;
}

export const RELABELS = ["shared", "private"] as const;
export type Relabel = (typeof RELABELS)[number];

/** Whose image is meant: how it is built. */
export interface BuiltImageOptions extends CommonOptions, NetworkFlags {
  /** Comes over what slipway.json says. */
  readonly build: BuildFlags;
}

export interface ImageOptions extends BuiltImageOptions {
  readonly forceRebuild: boolean;
  readonly noCache: boolean;
}

/** Whose container is meant: what it is made of, and how it runs. */
export interface ContainerOptions extends ImageOptions {
  /** Comes over what slipway.json says. */
  readonly run: RunFlags;
  readonly selinuxRelabel: Relabel | undefined;
  /** More folders of this machine that may be mounted. */
  readonly allowMount: readonly string[];
  /** Makes a new container instead of using the one that is there. */
  readonly fresh: boolean;
}

export interface RunCommand extends ContainerOptions {
  readonly name: "run";
  readonly task: string | undefined;
  readonly command: readonly string[] | undefined;
  /** The container stays when its command has ended. */
  readonly keep: boolean;
  /** The container is removed afterwards, whatever has come of it. */
  readonly remove: boolean;
  /** Goes on from the step that failed. */
  readonly retry: boolean;
  /** With this process's stdin and, where there is one, its terminal. */
  readonly interactive: boolean;
  /** Asks before each step, not only before those of which slipway.json says so. */
  readonly pause: boolean;
}

export interface ShellCommand extends ContainerOptions {
  readonly name: "shell";
  readonly task: string | undefined;
  /** Undefined is the best shell that there is. */
  readonly command: readonly string[] | undefined;
  /** Name or ID of one that is there; undefined is that of the failed run, else the warm one. */
  readonly container: string | undefined;
}

/** What is said of containers by their names or IDs. */
interface NamedContainers extends CommonOptions {
  readonly containers: readonly string[];
}

export interface ChangeCommand extends NamedContainers {
  readonly name: "start" | "stop" | "restart";
  /** Between SIGTERM and SIGKILL; undefined is the manager's. */
  readonly graceSeconds: number | undefined;
}

export interface StatsCommand extends NamedContainers {
  readonly name: "stats";
  /** Goes on until it is interrupted. */
  readonly follow: boolean;
}

export interface LogsCommand extends CommonOptions {
  readonly name: "logs";
  readonly container: string;
  readonly follow: boolean;
  /** Only so many of the last lines. */
  readonly tail: number | undefined;
  /** Only what was written from then on, in milliseconds since 1970. */
  readonly since: number | undefined;
}

export interface CopyCommand extends CommonOptions {
  readonly name: "cp";
  readonly direction: "in" | "out";
  readonly container: string;
  /** In the container, as it was written. */
  readonly containerPath: string;
  /** On this machine, as it was written. */
  readonly path: string;
}

export interface GcCommand extends BuiltImageOptions {
  readonly name: "gc";
  readonly keep: number;
  readonly dryRun: boolean;
  /** Also stopped warm containers that nobody uses. */
  readonly all: boolean;
}

export type CliCommand =
  | RunCommand
  | ShellCommand
  | (ImageOptions & { readonly name: "build" })
  | (BuiltImageOptions & { readonly name: "fingerprint" | "images" })
  | (BuiltImageOptions & { readonly name: "status"; readonly explain: boolean })
  | GcCommand
  | (CommonOptions & { readonly name: "ps" })
  | (CommonOptions & { readonly name: "engines"; readonly all: boolean })
  | (NamedContainers & { readonly name: "rm"; readonly all: boolean })
  | (NamedContainers & { readonly name: "inspect" })
  | ChangeCommand
  | StatsCommand
  | LogsCommand
  | CopyCommand
  | (CommonOptions & { readonly name: "discard"; readonly task: string | undefined })
  | { readonly name: "help" | "version" };
