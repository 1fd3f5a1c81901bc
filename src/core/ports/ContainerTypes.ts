export type Labels = Readonly<Record<string, string>>;

/** As the engines say it; Podman's own words are translated. */
export type ContainerState = "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";

export interface PortRequest {
  readonly containerPort: number;
  readonly protocol: "tcp" | "udp";
  /** Address on the host. */
  readonly hostIp: string;
  /** Undefined lets the engine choose a free one. */
  readonly hostPort: number | undefined;
}

/** A port as it was really bound. */
export interface PortBinding {
  readonly containerPort: number;
  readonly protocol: string;
  readonly hostIp: string;
  readonly hostPort: number;
}

export interface BindMount {
  /** Absolute path on the engine's machine; must exist (Podman would make it). */
  readonly source: string;
  readonly target: string;
}

export interface ContainerSpec {
  readonly image: string;
  readonly name: string;
  /** argv; undefined runs the image's own command. With one, the image's entrypoint is left out. */
  readonly command: readonly string[] | undefined;
  /** Undefined keeps the image's own. */
  readonly workingDirectory: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Labels;
  readonly mounts: readonly BindMount[];
  readonly ports: readonly PortRequest[];
}

export interface ContainerSummary {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: ContainerState;
  /** The engine's own sentence: "Exited (0) 2 minutes ago". */
  readonly status: string;
  readonly labels: Labels;
  readonly ports: readonly PortBinding[];
}

export interface ContainerDetails {
  readonly id: string;
  readonly name: string;
  readonly state: ContainerState;
  readonly running: boolean;
  /** Of the last run; meaningless while `running`. */
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** Whether it has come to an end at least once, also if it runs again. */
  readonly hasEnded: boolean;
  readonly labels: Labels;
  readonly ports: readonly PortBinding[];
}

/** Bytes of a container's output, in the order in which the engine sent them. */
export interface OutputChunk {
  readonly stream: "stdout" | "stderr";
  readonly data: Uint8Array;
}

export interface ContainerEvent {
  readonly id: string;
  readonly action: "create" | "start" | "die" | "destroy" | "other";
  readonly labels: Labels;
}

export interface ImageDetails {
  /** "sha256:…" */
  readonly id: string;
  /** Its names, tags included. */
  readonly references: readonly string[];
  /** In OCI's words: "linux/arm64". */
  readonly platform: string;
  readonly labels: Labels;
}

export interface ImageSummary {
  readonly id: string;
  readonly references: readonly string[];
  readonly labels: Labels;
  /** Seconds since 1970. */
  readonly created: number;
}
