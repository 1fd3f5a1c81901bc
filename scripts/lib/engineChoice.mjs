/** Whether an engine is on this machine, and so can mount its folders, as a task needs it. Names are not looked up. */
export function isLocal(endpoint) {
  if (/^(unix|npipe):/.test(endpoint)) return true;
  return /^tcp:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?\/?$/.test(endpoint);
}

/**
 * Of what `slipway engines --json` found, the engine to work with: the one that Slipway would take, or, where tasks
 * cannot run on that, the next that is here.
 * @typedef {{ endpoint: string, choice: string, ok: boolean, used?: boolean, kind?: string, version?: string }} Found
 * @param {Found[]} found those that answer first, and of them the one that is used
 * @returns {{ engine: Found | undefined, passedOver: Found[] }}
 */
export function chooseEngine(found) {
  // Where somebody has named an engine that does not answer, any other would be a surprise.
  const answering = found.some(({ used }) => used) ? found.filter(({ ok }) => ok) : [];
  const index = answering.findIndex(({ endpoint }) => isLocal(endpoint));
  return { engine: answering[index], passedOver: index < 0 ? answering : answering.slice(0, index) };
}

/** Whether the address is all that it takes to reach the engine: a context may bring certificates, too. */
export const isPlain = ({ endpoint, choice }) => endpoint.startsWith("unix:") || choice === endpoint;

/** The variables by which Slipway, docker and podman choose this engine; undefined unsets. */
export function engineVariables(choice) {
  const unset = { DOCKER_HOST: undefined, DOCKER_CONTEXT: undefined, CONTAINER_HOST: undefined };
  const [, kind, name] = /^(context|connection):(.+)$/.exec(choice) ?? [];
  const variable = { context: "DOCKER_CONTEXT", connection: "CONTAINER_CONNECTION" }[kind] ?? "DOCKER_HOST";
  return { ...unset, CONTAINER_CONNECTION: undefined, [variable]: name ?? choice };
}
