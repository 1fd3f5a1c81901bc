import type { PortRequest } from "../ports/ContainerTypes";

/** How the workspace's image is built. Paths are absolute. */
export interface BuildConfiguration {
  readonly dockerfile: string;
  readonly context: string;
  readonly target: string | undefined;
  readonly platform: string | undefined;
  readonly args: Readonly<Record<string, string>>;
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
