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

/** Something that a container finds at `target`, an absolute path in it. */
export type Mount =
  | {
      readonly kind: "bind";
      /** Absolute path on the engine's machine; must exist (Podman would make it). */
      readonly source: string;
      readonly target: string;
      readonly readOnly?: boolean | undefined;
      /** What SELinux is to do with the folder's labels (":z", ":Z"): for all containers, or for this one only. */
      readonly relabel?: "shared" | "private" | undefined;
    }
  | {
      readonly kind: "volume";
      /** Its name; made with `labels` when there is none yet. */
      readonly volume: string;
      readonly target: string;
      readonly readOnly?: boolean | undefined;
      readonly labels?: Labels | undefined;
    }
  | { readonly kind: "tmpfs"; readonly target: string; readonly sizeBytes?: number | undefined };

/**
 * Who runs a container's programs: whoever the image says; the user on whose behalf the engine is asked, so that files
 * made in a bind mount are that user's; or a name, a uid, "uid:gid".
 */
export type ContainerUser =
  | { readonly kind: "image" }
  | { readonly kind: "host"; readonly uid: number; readonly gid: number }
  | { readonly kind: "named"; readonly name: string };

/** Limits; those that are undefined are the engine's own. */
export interface Resources {
  /** How many CPUs' time: 1.5. */
  readonly cpus?: number | undefined;
  readonly memoryBytes?: number | undefined;
  /** Processes and threads. */
  readonly pids?: number | undefined;
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
  readonly mounts: readonly Mount[];
  readonly ports: readonly PortRequest[];
  /** Stands before `command` (or the image's own); undefined see `command`. */
  readonly entrypoint?: readonly string[] | undefined;
  /** Undefined is the image's. */
  readonly user?: ContainerUser | undefined;
  /** A terminal instead of separate streams. */
  readonly tty?: boolean | undefined;
  /** Keeps stdin open for whoever attaches with `stdin`. */
  readonly stdin?: boolean | undefined;
  /** Name of a network of the engine, "none" or "host"; undefined is the engine's default one. */
  readonly network?: string | undefined;
  readonly resources?: Resources | undefined;
  /** A small init as process 1, which reaps zombies. */
  readonly init?: boolean | undefined;
  /** Leaves out the image's health check, which is about the image's own command. */
  readonly noHealthcheck?: boolean | undefined;
  /** All that the engine has. */
  readonly gpus?: boolean | undefined;
  readonly privileged?: boolean | undefined;
  /** "SYS_PTRACE". */
  readonly addCapabilities?: readonly string[] | undefined;
  readonly dropCapabilities?: readonly string[] | undefined;
  /** "seccomp=unconfined". */
  readonly securityOptions?: readonly string[] | undefined;
  readonly readOnlyRoot?: boolean | undefined;
  /** "name:address" each. */
  readonly extraHosts?: readonly string[] | undefined;
}

export interface ContainerSummary {
  readonly id: string;
  readonly name: string;
  /** As it was named when the container was made, or an ID. */
  readonly image: string;
  /** "sha256:…"; undefined where the engine does not tell. */
  readonly imageId: string | undefined;
  readonly state: ContainerState;
  /** The engine's own sentence: "Exited (0) 2 minutes ago". */
  readonly status: string;
  readonly labels: Labels;
  readonly ports: readonly PortBinding[];
  /** Seconds since 1970. */
  readonly created: number;
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
  /** ID of the image that it was made of. */
  readonly imageId: string;
  /** Whether its programs write to a terminal, so that stdout and stderr are one. */
  readonly tty: boolean;
  /** "NAME=value" each, the image's included. */
  readonly env: readonly string[];
  /** As the engine has it: "", a name or a uid. */
  readonly user: string;
  readonly workingDirectory: string;
}

/** Bytes of a container's output, in the order in which the engine sent them. With a terminal, all of it is stdout. */
export interface OutputChunk {
  readonly stream: "stdout" | "stderr";
  readonly data: Uint8Array;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A program to be run in a container that runs. */
export interface ExecSpec {
  /** argv */
  readonly command: readonly string[];
  /** Beside the container's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Undefined is the container's. */
  readonly workingDirectory: string | undefined;
  /** Undefined is the container's. A name, a uid or "uid:gid". */
  readonly user: string | undefined;
  readonly tty: boolean;
  /** Whether it gets a stdin; without, it reads an end of file at once. */
  readonly stdin: boolean;
}

/**
 * One moment of a container's use of resources. What an engine cannot tell is undefined (rootless Podman has no cgroups
 * of its own on version 1).
 */
export interface ContainerStats {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** 100 is one CPU's whole time. Undefined also in the first sample, which has nothing to be compared with. */
  readonly cpuPercent: number | undefined;
  /** Without what the kernel can take back at once (the page cache). */
  readonly memoryBytes: number | undefined;
  readonly memoryLimitBytes: number | undefined;
  /** Processes and threads. */
  readonly pids: number | undefined;
  /** Since the start. */
  readonly networkReceivedBytes: number | undefined;
  readonly networkSentBytes: number | undefined;
}

/** What a path in a container leads to. */
export interface PathStat {
  readonly name: string;
  readonly sizeBytes: number;
  readonly kind: "file" | "directory" | "symlink" | "other";
  /** Permission bits. */
  readonly mode: number;
  /** Of a symlink. */
  readonly linkTarget: string | undefined;
}

/** What happens on an engine. */
export type EngineEvent =
  /** The first one: from here on nothing is missed. */
  | { readonly kind: "listening" }
  | ContainerEvent
  | {
      readonly kind: "image";
      readonly action: "added" | "tagged" | "untagged" | "removed";
      /** A name or an ID, as the engine says it. */
      readonly reference: string;
    };

export interface ContainerEvent {
  readonly kind: "container";
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
  /** "name@sha256:…": how registries know it. */
  readonly digests: readonly string[];
  readonly sizeBytes: number;
  /** Seconds since 1970. */
  readonly created: number;
  readonly config: ImageConfig;
}

/** What an image says of how it is to be run. */
export interface ImageConfig {
  /** "NAME=value" each. */
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDirectory: string;
  readonly user: string;
  /** "80/tcp" */
  readonly exposedPorts: readonly string[];
  /** Instructions that run in whatever is built on it, as they stand in its Dockerfile. */
  readonly onBuild: readonly string[];
}

export interface ImageSummary {
  readonly id: string;
  readonly references: readonly string[];
  readonly labels: Labels;
  /** Seconds since 1970. */
  readonly created: number;
  readonly sizeBytes: number;
}

export interface VolumeSummary {
  readonly name: string;
  readonly labels: Labels;
}
