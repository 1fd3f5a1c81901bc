/** A connection as a file of Podman's has it. */
export interface PodmanConnection {
  readonly name: string;
  readonly uri: string;
  /** The file of the key to log in with; undefined leaves it to ssh. */
  readonly identityFile: string | undefined;
  /** Of a virtual machine that Podman has made on this one. */
  readonly isMachine: boolean;
}

/** What a file or several say. */
export interface PodmanConnections {
  readonly connections: readonly PodmanConnection[];
  /** The name of the one that is used unless somebody says otherwise. */
  readonly defaultName: string | undefined;
}
