import { engineStatus, engineUp } from "./engines.mjs";
import { engineTable, testFarm } from "./engineTable.mjs";
import { ensureImages } from "./images.mjs";

/**
 * Starts an engine of the farm unless it is up, and gives it the image that every test starts from.
 * @param {string} name
 * @param {Parameters<typeof engineUp>[1]} [options]
 */
export async function memberUp(name, options = {}) {
  const { endpoint, version } = await engineUp(name, options);
  if (!engineTable[name].isRegistry) await ensureImages(endpoint, ["busybox:latest"], options.log);
  return { endpoint, version };
}

/** Those of the farm that are up, in its order, by name. */
export async function membersUp() {
  const states = await Promise.all(testFarm.map(async (name) => [name, await engineStatus(name)]));
  return Object.fromEntries(states.flatMap(([name, status]) => (status ? [[name, status.endpoint]] : [])));
}

/**
 * What tests are told of the farm. The first engine is the one that tests run on which need no more than one.
 * @param {Record<string, string>} endpoints by name, in any order
 * @returns {{ SLIPWAY_TEST_ENGINES: string, SLIPWAY_TEST_REGISTRY?: string }}
 */
export function farmEnvironment(endpoints) {
  const names = testFarm.filter((name) => Object.hasOwn(endpoints, name));
  const engines = names.filter((name) => !engineTable[name].isRegistry).map((name) => `${name}=${endpoints[name]}`);
  return {
    SLIPWAY_TEST_ENGINES: engines.join(","),
    ...(endpoints.registry && { SLIPWAY_TEST_REGISTRY: endpoints.registry }),
  };
}

/** The endpoint of the first engine in a list as SLIPWAY_TEST_ENGINES has it. */
export const firstEngine = (list) => list.split(",")[0].replace(/^[\w-]+=/, "");
