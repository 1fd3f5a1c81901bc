import type { BuildSshSource } from "../config/WorkspaceConfiguration";
import type { BuildContext } from "./BuildContext";
import type { BuildEvent } from "./BuildEvent";
import type {
  ContainerDetails,
  ContainerSpec,
  ContainerStats,
  ContainerSummary,
  EngineEvent,
  ExecSpec,
  ImageDetails,
  ImageSummary,
  Labels,
  OutputChunk,
  PathStat,
  VolumeSummary,
} from "./ContainerTypes";
import type { EngineEndpoint } from "./EngineEndpoint";
import type { EngineInfo } from "./EngineInfo";
import type { RunningProgram } from "./RunningProgram";

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface PullImageOptions extends CallOptions {
  readonly reference: string;
  /** "linux/arm64"; undefined takes the engine's own. */
  readonly platform?: string | undefined;
}

export interface PushImageOptions extends CallOptions {
  /** With its registry and tag: "registry.example.com/team/app:1". */
  readonly reference: string;
}

export interface ListContainersOptions extends CallOptions {
  /** All of them. */
  readonly labels: Labels;
  /** Undefined is any container. */
  readonly ids?: readonly string[] | undefined;
}

export interface LogOptions extends CallOptions {
  /** Goes on with what is written until the container ends. */
  readonly follow: boolean;
  /** Only the last lines, this many. */
  readonly tail?: number | undefined;
  /** Only what was written from then on, in milliseconds since 1970. */
  readonly since?: number | undefined;
}

/** An image that a build takes files from, or that reads its Dockerfile. */
export interface ImageOfBuild {
  /** As the Dockerfile has it, variables replaced where their values are known. */
  readonly reference: string;
  /** False where a variable is left in it that only the builder knows. */
  readonly known: boolean;
}

export interface BuildImageOptions extends CallOptions {
  readonly context: BuildContext;
  /** All that registries may be asked for with a login: for others, and without these, they are asked anonymously. */
  readonly images?: readonly ImageOfBuild[] | undefined;
  /** References that the image gets. */
  readonly tags: readonly string[];
  readonly labels: Labels;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string | undefined;
  readonly platform?: string | undefined;
  readonly noCache?: boolean | undefined;
  /** What `RUN --mount=type=secret` mounts, by its ID. */
  readonly secrets?: ReadonlyMap<string, Uint8Array> | undefined;
  /** What `RUN --mount=type=ssh` mounts. Rejects with BuildOptionError where the builder has none. */
  readonly ssh?: readonly BuildSshSource[] | undefined;
  /** The network of RUN: "default", "none", "host", or a network's name where the builder has that. */
  readonly network?: string | undefined;
  /** Addresses of more hosts, by name, for RUN. */
  readonly extraHosts?: Readonly<Record<string, string>> | undefined;
  /** Images whose layers may be used as cache. */
  readonly cacheFrom?: readonly string[] | undefined;
  /** Where the cache is kept for others: "inline", or what the engine knows besides; else rejects with BuildOptionError. */
  readonly cacheTo?: readonly string[] | undefined;
}

/**
 * What Slipway needs of Docker or Podman. Implementations reject with `signal.reason` when aborted, with
 * EngineLostError when the engine stops answering, with EngineTimeoutError when a call outlasts its deadline, and with
 * EngineRequestError when the engine says no in a way that has no class of its own.
 */
export interface ContainerEngine {
  readonly endpoint: EngineEndpoint;

  /** Lets go of the way to the engine. Calls made afterwards reject. */
  close(): Promise<void>;

  info(options?: CallOptions): Promise<EngineInfo>;

  /** The image that `reference` (a name or an ID) stands for on this engine, or undefined when there is none. */
  inspectImage(reference: string, options?: CallOptions): Promise<ImageDetails | undefined>;
  /** Images that carry all of `labels`, newest first. */
  listImages(options: CallOptions & { readonly labels: Labels }): Promise<readonly ImageSummary[]>;
  /**
   * Yields progress; ends when the image is there. Rejects with ImageNotFoundError when the registry has none, with
   * RegistryAuthError when it wants a login, with NoSpaceError when the engine's disk is full (as builds, createContainer and
   * copyTo do, too).
   */
  pullImage(options: PullImageOptions): AsyncIterable<BuildEvent>;
  /**
   * Yields progress; ends when the registry has it. Rejects with ImageNotFoundError when there is no such image here,
   * with RegistryAuthError when the registry wants a login.
   */
  pushImage(options: PushImageOptions): AsyncIterable<BuildEvent>;
  /** Another name for an image. Rejects with ImageNotFoundError when there is no such image. */
  tagImage(reference: string, name: string, options?: CallOptions): Promise<void>;
  /** Never by force: an image that a container uses stays, and so does what another name refers to. */
  removeImage(reference: string, options?: CallOptions): Promise<"removed" | "not-found" | "in-use">;
  /** The last event is the image. Rejects with ImageBuildError when a step fails. Leaving the loop ends the build. */
  buildImage(options: BuildImageOptions): AsyncIterable<BuildEvent>;

  /**
   * @returns the container's ID. Rejects with ImageNotFoundError when the image is not there: nothing is pulled; with
   * ContainerNameInUseError when another one has the name; with BindSourceError when the engine does not see the source
   * of a bind mount; with MountError for a mount that cannot be asked for.
   */
  createContainer(spec: ContainerSpec, options?: CallOptions): Promise<string>;
  /**
   * Resolved once the engine sends what the container writes. Attach before starting, so that nothing is lost. The
   * stream's end does not mean success (a lost engine ends it too): ask waitForExit. Rejects with ContainerStartError
   * where the engine sees here already that it could not be started.
   */
  attachContainer(id: string, options?: CallOptions): Promise<AsyncIterable<OutputChunk>>;
  /**
   * As attachContainer, with stdin and the terminal where the container's spec has them. The signal ends the waiting
   * and, later, the connection.
   */
  attachTerminal(id: string, options?: CallOptions): Promise<RunningProgram>;
  /** Succeeds when it runs already. Rejects with ContainerStartError when its program cannot be run. */
  startContainer(id: string, options?: CallOptions): Promise<void>;
  /** To be called after the start. @returns the exit code, once the container does not run any more. */
  waitForExit(id: string, options?: CallOptions): Promise<number>;
  /** SIGTERM, then SIGKILL after `graceSeconds`. Succeeds when it does not run. */
  stopContainer(id: string, options: CallOptions & { readonly graceSeconds: number }): Promise<void>;
  /** Stops it as stopContainer does, then starts it as startContainer does. */
  restartContainer(id: string, options: CallOptions & { readonly graceSeconds: number }): Promise<void>;
  /** @param unixSignal such as "SIGINT", for its first process. Succeeds when it does not run. */
  killContainer(id: string, options: CallOptions & { readonly unixSignal: string }): Promise<void>;
  /** Also a running one, with its anonymous volumes; it is gone then. Succeeds when there is none. */
  removeContainer(id: string, options?: CallOptions): Promise<void>;
  inspectContainer(id: string, options?: CallOptions): Promise<ContainerDetails | undefined>;
  /** All states, newest first. */
  listContainers(options: ListContainersOptions): Promise<readonly ContainerSummary[]>;
  /** What the container has written so far; with `follow`, also what it goes on to write until it ends. */
  containerLogs(id: string, options: LogOptions): AsyncIterable<OutputChunk>;
  /** About one sample a second, until the container ends or the loop is left. */
  containerStats(id: string, options?: CallOptions): AsyncIterable<ContainerStats>;

  /**
   * Runs a program in a container that runs. Rejects with ContainerNotFoundError, with ContainerNotRunningError, or with
   * ExecError when its program cannot be run. (An engine may tell the last one by an exit code of 126 or 127 instead, as
   * a shell does.) The signal ends the waiting and, later, the connection; the program goes on.
   */
  exec(id: string, spec: ExecSpec, options?: CallOptions): Promise<RunningProgram>;

  /**
   * Unpacks a tar, not compressed, in a folder of a container in any state. Owners, modes and links are those of the tar.
   * Rejects with ContainerPathError when the folder is not there.
   */
  copyTo(id: string, folder: string, tar: AsyncIterable<Uint8Array>, options?: CallOptions): Promise<void>;
  /**
   * What is at `path` as a tar whose entries start with the path's last name; a link there is packed as a link. It comes
   * from the container: not to be trusted. Rejects with ContainerPathError when there is nothing.
   */
  copyFrom(id: string, path: string, options?: CallOptions): AsyncIterable<Uint8Array>;
  /** What is at `path` in a container, a link not followed, or undefined. */
  statPath(id: string, path: string, options?: CallOptions): Promise<PathStat | undefined>;

  /** Volumes that carry all of `labels`. */
  listVolumes(options: CallOptions & { readonly labels: Labels }): Promise<readonly VolumeSummary[]>;
  /** Never by force. */
  removeVolume(name: string, options?: CallOptions): Promise<"removed" | "not-found" | "in-use">;

  /**
   * What happens on the engine from now on, until the signal or the engine's end: "listening" first, then images' events
   * and those of containers that carry all of `labels`.
   */
  watchEvents(options: CallOptions & { readonly labels: Labels }): AsyncIterable<EngineEvent>;
}
