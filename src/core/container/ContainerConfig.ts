import type { ImageSource, RunConfiguration, WorkspaceMode } from "../config/WorkspaceConfiguration";
import type { ResolveOptions } from "../image/ImageBuilder";
import type { ImageResolution } from "../image/ImageResolution";
import type { ReadNetwork } from "../network/NetworkSettings";
import type { ManagedContainer } from "./ManagerEvent";

/** A container to be made. */
export interface ContainerConfig extends ResolveOptions {
  /** What it is made of: built first where a Dockerfile is named. Undefined is the default image. */
  readonly image?: ImageSource | undefined;
  readonly run: RunConfiguration;
  /** argv; undefined is the image's own. */
  readonly command?: readonly string[] | undefined;
  /** Undefined makes one up. */
  readonly name?: string | undefined;
  /** Undefined as run.workspace says. "copy" copies nothing by itself. */
  readonly mode?: WorkspaceMode | undefined;
  /** Keeps stdin open for whoever attaches. */
  readonly stdin?: boolean | undefined;
  readonly tty?: boolean | undefined;
}

export interface CreatedContainer extends ManagedContainer {
  readonly resolution: ImageResolution;
  /** For people. */
  readonly warnings: readonly string[];
}

/** What containers are made with, besides what their configuration says. */
export interface CreationSettings {
  /** Where Slipway keeps what it can make again; undefined is the user's. */
  readonly cacheFolder?: string | undefined;
  /** One run of the editor or the CLI. */
  readonly session?: string | undefined;
  /** Proxies and certificates; without it there are none. */
  readonly network?: ReadNetwork | undefined;
  /** What SELinux is to do with the workspace's folder. */
  readonly relabel?: "shared" | "private" | undefined;
  /** More folders of this machine that may be mounted. */
  readonly allowedFolders?: readonly string[] | undefined;
}
