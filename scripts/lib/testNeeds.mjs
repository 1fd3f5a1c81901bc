import { ensureChromium } from "./chromium.mjs";
import { engineRelease, engineUp, testEngines } from "./engines.mjs";
import { ensureImages, testImages } from "./images.mjs";
import { packageExtension } from "./setUp.mjs";
import { ensureVscodeServer } from "./vscodeServer.mjs";

/**
 * What suites need of the machine. Each is provided when the first suite asks for it, resolves to what it adds to the
 * suites' environment, and rejects with the reason why it cannot be had.
 */
export class TestNeeds {
  /** What could be had only in part: `{ what, reason }`. */
  shortfalls = [];
  #provided = new Map();
  #attempted = [];
  #log;

  constructor(log) {
    this.#log = log;
  }

  /** @param {"engines" | "vsix" | "vscode" | "chromium"} name */
  provide(name) {
    if (!this.#provided.has(name)) this.#provided.set(name, this.#providers[name]());
    return this.#provided.get(name);
  }

  /** Gives back what was taken. Engines that were up before, or that others use, stay up. */
  async release() {
    for (const name of this.#attempted) {
      await engineRelease(name, this.#log).catch((error) => this.#log(`${name} was not stopped: ${error.message}`));
    }
  }

  #providers = {
    engines: () => (process.env.SLIPWAY_TEST_ENGINES ? this.#namedEngines() : this.#ownEngines()),
    vsix: async () => {
      await packageExtension(this.#log);
      return {};
    },
    vscode: async () => {
      await ensureVscodeServer({ log: this.#log });
      return {};
    },
    chromium: async () => {
      const chromium = await ensureChromium({ log: this.#log });
      if (chromium.path === undefined) throw new Error(chromium.reason);
      return { CHROMIUM_PATH: chromium.path };
    },
  };

  /** Engines that the caller chose are used as they are, given what images they lack. */
  async #namedEngines() {
    const named = process.env.SLIPWAY_TEST_ENGINES;
    for (const entry of named.split(",")) {
      await ensureImages(entry.slice(entry.indexOf("=") + 1), testImages, this.#log);
    }
    return { SLIPWAY_TEST_ENGINES: named };
  }

  async #ownEngines() {
    const ready = [];
    const problems = [];
    for (const name of testEngines) {
      this.#attempted.push(name);
      try {
        const { endpoint, version } = await engineUp(name, { log: this.#log });
        await ensureImages(endpoint, testImages, this.#log);
        this.#log(`${name} ${version} at ${endpoint}`);
        ready.push(`${name}=${endpoint}`);
      } catch (error) {
        problems.push(`${name}: ${error.message}`);
        this.shortfalls.push({ what: `tests on ${name}`, reason: error.message });
      }
    }
    if (ready.length === 0) throw new Error(`no engine came up\n${problems.join("\n")}`);
    return { SLIPWAY_TEST_ENGINES: ready.join(",") };
  }
}
