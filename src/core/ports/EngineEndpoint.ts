/** Where an engine listens. */
export type EngineAddress =
  | { readonly kind: "unix"; readonly socketPath: string }
  | { readonly kind: "npipe"; readonly pipePath: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

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
      return `tcp://${address.host.includes(":") ? `[${address.host}]` : address.host}:${String(address.port)}`;
  }
}

/** Whether the engine runs on this machine, and so sees this machine's folders. Names are not looked up. */
export function isLocalAddress(address: EngineAddress): boolean {
  return address.kind !== "tcp" || /^(localhost|127(\.\d+){3}|::1)$/.test(address.host);
}
