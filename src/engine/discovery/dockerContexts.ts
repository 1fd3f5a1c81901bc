import { createHash } from "node:crypto";
import { posix } from "node:path";
import { z } from "zod";
import { candidateOf, type EndpointCandidate } from "./EndpointCandidate";
import { dockerConfigFile } from "../../core/network/dockerConfigFile";
import { PemTlsMaterial } from "../transport/PemTlsMaterial";
import { dockerSocket } from "./defaultSockets";
import { dockerFolder, readTlsFolder } from "./dockerTls";
import { variable, type EndpointEnvironment } from "./EndpointEnvironment";
import { parseJson } from "./parseJson";
import { showableAddress } from "./showableAddress";

const configShape = z.object({ currentContext: z.string().optional() });
const contextShape = z.object({
  Name: z.string(),
  Endpoints: z.object({ docker: z.object({ Host: z.string().min(1), SkipTLSVerify: z.boolean().optional() }) }),
});
type Context = z.infer<typeof contextShape>;

/** The name of the context that docker keeps no file of. */
const DEFAULT = "default";

/** The name of the context that DOCKER_CONTEXT or `docker context use` has chosen; undefined for the default one. */
export function currentContext(environment: EndpointEnvironment): string | undefined {
  const config = parseJson(configShape, environment.readFile(dockerConfigFile(environment)));
  const name = variable(environment, "DOCKER_CONTEXT") ?? config?.currentContext;
  return name === "" || name === DEFAULT ? undefined : name;
}

/** The context of this name, also when it is damaged; undefined when there is none. The default one is always there. */
export function findContext(environment: EndpointEnvironment, name: string): EndpointCandidate | undefined {
  if (name === DEFAULT) {
    return candidateOf({ text: dockerSocket(environment), source: sourceOf(name), choice: `context:${name}` }, {});
  }
  const id = idOf(name);
  const text = environment.readFile(posix.join(dockerFolder(environment), "contexts", "meta", id, "meta.json"));
  if (text === undefined) {
    return undefined;
  }
  const context = parseJson(contextShape, text);
  return context === undefined
    ? unusable(name, "its file in docker's folder is damaged, or has no address for docker")
    : fromContext(environment, { ...context, Name: name }, id);
}

/** The candidate for a context that was chosen: docker refuses, too, when there is none of this name. */
export function chosenContext(environment: EndpointEnvironment, name: string): EndpointCandidate {
  return findContext(environment, name) ?? unusable(name, 'there is no such context; "docker context ls" lists them');
}

/** Every context that can be read, by name. Docker keeps them in contexts/meta/<SHA-256 of its name>/meta.json. */
export function listContexts(environment: EndpointEnvironment): readonly EndpointCandidate[] {
  const folder = posix.join(dockerFolder(environment), "contexts", "meta");
  return environment
    .listFolder(folder)
    .flatMap((id) => {
      const context = parseJson(contextShape, environment.readFile(posix.join(folder, id, "meta.json")));
      // Docker finds a context by the SHA-256 of its name only, and has no other one that is named "default".
      return context === undefined || idOf(context.Name) !== id || context.Name === DEFAULT ? [] : [{ context, id }];
    })
    .sort((a, b) => (a.context.Name < b.context.Name ? -1 : 1))
    .map(({ context, id }) => fromContext(environment, context, id));
}

function fromContext(environment: EndpointEnvironment, { Name, Endpoints }: Context, id: string): EndpointCandidate {
  const { Host, SkipTLSVerify: skipVerify = false } = Endpoints.docker;
  const material = readTlsFolder(environment, posix.join(dockerFolder(environment), "contexts", "tls", id, "docker"));
  const tls = material === undefined && !skipVerify ? undefined : new PemTlsMaterial({ ...material, skipVerify });
  const source = sourceOf(Name);
  const { allowPlainTcp } = environment;
  return candidateOf({ text: Host, source, choice: `context:${Name}` }, { tls, allowPlainTcp });
}

function unusable(name: string, detail: string): EndpointCandidate {
  const choice = `context:${name}`;
  return {
    ...{ address: showableAddress(choice), source: sourceOf(name), choice },
    target: { kind: "unusable", problem: "unknown-context", detail },
  };
}

function sourceOf(name: string): string {
  return `the docker context "${showableAddress(name)}"`;
}

function idOf(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}
