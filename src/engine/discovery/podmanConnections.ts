import { posix } from "node:path";
import { z } from "zod";
import { candidateOf, type EndpointCandidate } from "./EndpointCandidate";
import { variable, type EndpointEnvironment } from "./EndpointEnvironment";
import { parseJson } from "./parseJson";
import { showableAddress } from "./showableAddress";

const connectionShape = z.object({
  URI: z.string().min(1),
  Identity: z.string().optional(),
  IsMachine: z.boolean().optional(),
});
const fileShape = z.object({
  Connection: z.object({ Connections: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

/**
 * The connections that `podman system connection add` has made, by name. Those of Podman's machines are left out: their
 * ssh server has a key that nobody knows, and each has a socket or a pipe of its own on this machine.
 */
export function listConnections(environment: EndpointEnvironment): readonly EndpointCandidate[] {
  const file = parseJson(fileShape, environment.readFile(connectionsFile(environment)));
  return Object.entries(file?.Connection?.Connections ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => {
      const { data } = connectionShape.safeParse(value);
      return data === undefined || data.IsMachine === true ? [] : [fromConnection(environment, name, data)];
    });
}

/** The connection of this name; undefined when there is none. */
export function findConnection(environment: EndpointEnvironment, name: string): EndpointCandidate | undefined {
  return listConnections(environment).find(({ choice }) => choice === choiceOf(name));
}

/** The candidate for a connection that was chosen, also when there is none of this name. */
export function chosenConnection(environment: EndpointEnvironment, name: string): EndpointCandidate {
  const choice = choiceOf(name);
  return (
    findConnection(environment, name) ?? {
      ...{ address: showableAddress(choice), source: sourceOf(name), choice },
      target: {
        kind: "unusable",
        problem: "unknown-context",
        detail: 'there is no such connection; "podman system connection list" lists them',
      },
    }
  );
}

function fromConnection(
  environment: EndpointEnvironment,
  name: string,
  { URI: text, Identity }: z.infer<typeof connectionShape>,
): EndpointCandidate {
  const { allowPlainTcp } = environment;
  const key = Identity === undefined || Identity === "" ? {} : { identityFile: Identity };
  return candidateOf({ text, source: sourceOf(name), choice: choiceOf(name), ...key }, { allowPlainTcp });
}

function connectionsFile(environment: EndpointEnvironment): string {
  const { platform, homeFolder } = environment;
  const roaming = platform === "win32" ? variable(environment, "APPDATA") : undefined;
  const folder = roaming ?? variable(environment, "XDG_CONFIG_HOME") ?? posix.join(homeFolder, ".config");
  return (
    variable(environment, "PODMAN_CONNECTIONS_CONF") ?? posix.join(folder, "containers", "podman-connections.json")
  );
}

const choiceOf = (name: string): string => `connection:${name}`;
const sourceOf = (name: string): string => `the Podman connection "${showableAddress(name)}"`;
