/** PEM texts, the key being secret: never written anywhere. */
export interface TlsFiles {
  /** The authorities that may have signed the engine's certificate; undefined takes the system's. */
  readonly ca?: string | undefined;
  /** The client's certificate and its key. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** What proves who is who on a TLS connection. What it holds is told when it is asked for only, so that no log has it. */
export interface TlsMaterial {
  /** Takes any certificate, where whoever made a docker context has asked for that. */
  readonly skipVerify: boolean;
  /** The same for the same files, of which it says nothing. */
  readonly id: string;
  files(): TlsFiles;
}

/** Where an engine listens. */
export type EngineAddress =
  | { readonly kind: "unix"; readonly socketPath: string }
  | { readonly kind: "npipe"; readonly pipePath: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls?: TlsMaterial | undefined }
  | {
      readonly kind: "ssh";
      /** A host name, or one that ~/.ssh/config knows. */
      readonly host: string;
      /** Undefined leaves it to ~/.ssh/config. */
      readonly user: string | undefined;
      readonly port: number | undefined;
      /** The engine's socket on that machine; undefined is Docker's default one. */
      readonly socketPath: string | undefined;
      /** The file of the key to log in with, where somebody has named one; else ~/.ssh/config and the agent have it. */
      readonly identityFile?: string | undefined;
    };

/** An address together with how it was found, for messages such as "DOCKER_HOST says tcp://…". */
export interface EngineEndpoint {
  readonly address: EngineAddress;
  /** For people: "the setting slipway.engine", "DOCKER_HOST", "Docker's default socket". */
  readonly source: string;
}

/** The endpoint as people write it: `unix:///var/run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://host:port`. */
export function formatEngineAddress(address: EngineAddress): string {
  switch (address.kind) {
    case "unix":
      return `unix://${address.socketPath}`;
    case "npipe":
      return `npipe://${address.pipePath.replaceAll("\\", "/")}`;
    case "tcp":
      return `tcp://${bracketed(address.host)}:${String(address.port)}`;
    case "ssh": {
      const { user, host, port, socketPath } = address;
      const authority = `${user === undefined ? "" : `${user}@`}${bracketed(host)}`;
      return `ssh://${authority}${port === undefined ? "" : `:${String(port)}`}${socketPath ?? ""}`;
    }
  }
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Whether the engine runs on this machine, and so sees this machine's folders. Names are not looked up. */
export function isLocalAddress(address: EngineAddress): boolean {
  switch (address.kind) {
    case "unix":
    case "npipe":
      return true;
    case "tcp":
      return /^(localhost|127(\.\d+){3}|::1)$/.test(address.host);
    case "ssh":
      return false;
  }
}
