import { dockerEngine, makeDockerEngine } from "./dockerEngine.mjs";
import { makePodmanEngine, podmanEngine } from "./podmanEngine.mjs";
import { registry } from "./registry.mjs";
import { rootlessPodmanEngine } from "./rootlessPodmanEngine.mjs";
import { provideSidTree, sidNeeds, sidTree } from "./sidTree.mjs";

const fromSid = { needs: sidNeeds, provideSystem: provideSidTree, tree: sidTree };

/**
 * Everything that these scripts start. What is for tests holds nothing worth keeping. The numbers in the names are the
 * versions that Debian 12 and Debian unstable had when this was written; nothing is derived from them.
 */
export const engineTable = {
  docker20: { engine: dockerEngine, forTests: true },
  docker28: { engine: makeDockerEngine({ title: "Docker of Debian unstable", ...fromSid }), forTests: true },
  podman4: { engine: podmanEngine, forTests: true },
  podman5: { engine: makePodmanEngine({ title: "Podman of Debian unstable", ...fromSid }), forTests: true },
  "podman-rootless": { engine: rootlessPodmanEngine, forTests: true },
  registry: { engine: registry, forTests: true, isRegistry: true },
  // Killed and stopped by one test file, which starts them itself; nothing else may use them.
  "faults-docker": { engine: dockerEngine, forTests: true, isPrivate: true },
  "faults-podman": { engine: podmanEngine, forTests: true, isPrivate: true },
  "start-docker": { engine: dockerEngine, forTests: false },
  "start-podman": { engine: podmanEngine, forTests: false },
};

/** What is for tests, also for a single one. */
export const testEngines = Object.keys(engineTable).filter((name) => engineTable[name].forTests);

/** What is for all tests: the engines and the registry. */
export const testFarm = testEngines.filter((name) => !engineTable[name].isPrivate);
