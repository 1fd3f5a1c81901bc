import type { BuildContext } from "./BuildContext";
import type { BuildEvent } from "./BuildEvent";
import type {
  ContainerDetails,
  ContainerEvent,
  ContainerSpec,
  ContainerSummary,
  ImageDetails,
  ImageSummary,
  Labels,
  OutputChunk,
} from "./ContainerTypes";
import type { EngineEndpoint } from "./EngineEndpoint";
import type { EngineInfo } from "./EngineInfo";

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface PullImageOptions extends CallOptions {
  readonly reference: string;
  /** "linux/arm64"; undefined takes the engine's own. */
  readonly platform?: string | undefined;
}

export interface BuildImageOptions extends CallOptions {
  readonly context: BuildContext;
  /** References that the image gets. */
  readonly tags: readonly string[];
  readonly labels: Labels;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string | undefined;
  readonly platform?: string | undefined;
  readonly noCache?: boolean | undefined;
}

/**
 * What Slipway needs of Docker or Podman. Implementations reject with `signal.reason` when aborted, with
 * EngineLostError when the engine stops answering, with EngineTimeoutError when a call outlasts its deadline, and with
 * EngineRequestError when the engine says no in a way that has no class of its own.
 */
export interface ContainerEngine {
  readonly endpoint: EngineEndpoint;

  info(options?: CallOptions): Promise<EngineInfo>;

  /** The image that `reference` (a name or an ID) stands for on this engine, or undefined when there is none. */
  inspectImage(reference: string, options?: CallOptions): Promise<ImageDetails | undefined>;
  /** Images that carry all of `labels`, newest first. */
  listImages(options: CallOptions & { readonly labels: Labels }): Promise<readonly ImageSummary[]>;
  /** Yields progress; ends when the image is there. Rejects with ImageNotFoundError when no registry gives it. */
  pullImage(options: PullImageOptions): AsyncIterable<BuildEvent>;
  /** Never by force: an image that a container uses stays, and so does what another name refers to. */
  removeImage(reference: string, options?: CallOptions): Promise<"removed" | "not-found" | "in-use">;
  /** The last event is the image. Rejects with ImageBuildError when a step fails. Leaving the loop ends the build. */
  buildImage(options: BuildImageOptions): AsyncIterable<BuildEvent>;

  /** @returns the container's ID. Rejects with ImageNotFoundError when the image is not there: nothing is pulled. */
  createContainer(spec: ContainerSpec, options?: CallOptions): Promise<string>;
  /**
   * Resolved once the engine sends what the container writes. Attach before starting, so that nothing is lost. The
   * stream's end does not mean success (a lost engine ends it too): ask waitForExit. Rejects with ContainerStartError
   * where the engine sees here already that it could not be started.
   */
  attachContainer(id: string, options?: CallOptions): Promise<AsyncIterable<OutputChunk>>;
  /** Succeeds when it runs already. Rejects with ContainerStartError when its program cannot be run. */
  startContainer(id: string, options?: CallOptions): Promise<void>;
  /** To be called after the start. @returns the exit code, once the container does not run any more. */
  waitForExit(id: string, options?: CallOptions): Promise<number>;
  /** SIGTERM, then SIGKILL after `graceSeconds`. Succeeds when it does not run. */
  stopContainer(id: string, options: CallOptions & { readonly graceSeconds: number }): Promise<void>;
  /** Also a running one, with its anonymous volumes. Succeeds when there is none. */
  removeContainer(id: string, options?: CallOptions): Promise<void>;
  inspectContainer(id: string, options?: CallOptions): Promise<ContainerDetails | undefined>;
  /** All states, newest first. */
  listContainers(options: CallOptions & { readonly labels: Labels }): Promise<readonly ContainerSummary[]>;
  /** What the container has written so far; with `follow`, also what it goes on to write until it ends. */
  containerLogs(id: string, options: CallOptions & { readonly follow: boolean }): AsyncIterable<OutputChunk>;
  /** What happens to containers that carry all of `labels`, from now on, until the signal or the engine's end. */
  watchContainers(options: CallOptions & { readonly labels: Labels }): AsyncIterable<ContainerEvent>;
}
