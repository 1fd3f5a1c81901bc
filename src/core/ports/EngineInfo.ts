export type EngineKind = "docker" | "podman";

/** What an engine says of itself. */
export interface EngineInfo {
  readonly kind: EngineKind;
  readonly version: string;
  /** The newest version of the Docker Engine API that it speaks, such as "1.41". */
  readonly apiVersion: string;
  /** Of the images that it runs, in OCI's words: "linux/amd64". */
  readonly platform: string;
  /** Whether it runs as an ordinary user: root in a container is that user outside. */
  readonly rootless: boolean;
}
