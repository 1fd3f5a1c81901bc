import { ensureChromium } from "./chromium.mjs";
import { engineRelease } from "./engines.mjs";
import { testFarm } from "./engineTable.mjs";
import { farmEnvironment, firstEngine, memberUp } from "./farm.mjs";
import { holdLog } from "./heldLog.mjs";
import { ensureImages } from "./images.mjs";
import { ensurePackages } from "./packages.mjs";
import { withoutPassword } from "./registry.mjs";
import { runAsRoot } from "./rootAccess.mjs";
import { packageExtension } from "./setUp.mjs";
import { ensureSshd } from "./sshServer.mjs";
import { ensureVscodeServer } from "./vscodeInstallation.mjs";

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
  /** For what begins in the background. */
  #held;

  constructor(log) {
    this.#log = log;
    this.#held = holdLog(log);
  }

  /**
   * Begins in the background with what takes long and needs nothing of the tree, so that lint and unit tests can run
   * meanwhile. What it tells is told once a suite waits for it.
   * @param {string[]} names
   */
  async begin(names) {
    const early = ["engines", "nodeImage"].filter((name) => names.includes(name));
    if (early.length === 0) return;
    // If a password is to be asked for, then now. Whoever is refused is told why by what needs it.
    if (!process.env.SLIPWAY_TEST_ENGINES) await runAsRoot(["true"]).catch(() => {});
    for (const name of early) this.#start(name).catch(() => {});
  }

  /** @param {"engines" | "nodeImage" | "servers" | "vsix" | "vscode" | "chromium"} name */
  provide(name) {
    const needed = this.#start(name);
    if (name === "engines" || name === "nodeImage") this.#held.letGo();
    return needed;
  }

  /** Gives back what was taken. Engines that were up before, or that others use, stay up. */
  async release() {
    // An engine that still is on its way up could not be stopped.
    await Promise.allSettled(this.#provided.values());
    const stop = (name) =>
      engineRelease(name, this.#log).catch((error) => this.#log(`${name} was not stopped: ${error.message}`));
    await Promise.all(this.#attempted.map(stop));
  }

  #start(name) {
    if (!this.#provided.has(name)) this.#provided.set(name, this.#providers[name]());
    return this.#provided.get(name);
  }

  #providers = {
    engines: () => (process.env.SLIPWAY_TEST_ENGINES ? this.#namedEngines() : this.#ownEngines()),
    // The tests in a window use the first engine.
    nodeImage: async () => {
      const { SLIPWAY_TEST_ENGINES: engines } = await this.#start("engines");
      const isOwn = !process.env.SLIPWAY_TEST_ENGINES;
      await ensureImages(firstEngine(engines), ["node:20"], this.#held.log, { isOwn });
      return {};
    },
    // For engines behind ssh and TLS, which the tests serve themselves.
    servers: async () => {
      const packages = ["openssh-client", "openssl"];
      await ensurePackages({ commands: ["ssh", "openssl"], packages, log: this.#log });
      return { SLIPWAY_TEST_SSHD: await ensureSshd(this.#log) };
    },
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

  /** Engines that the caller chose are used as they are, given what images they lack; so is a registry. */
  async #namedEngines() {
    const named = process.env.SLIPWAY_TEST_ENGINES;
    for (const entry of named.split(",")) {
      await ensureImages(firstEngine(entry), ["busybox:latest"], this.#held.log, { isOwn: false });
    }
    return { SLIPWAY_TEST_ENGINES: named };
  }

  /** All at the same time, since most of it is waiting. */
  async #ownEngines() {
    const ready = {};
    const problems = [];
    const start = async (name) => {
      this.#attempted.push(name);
      try {
        const { endpoint, version } = await memberUp(name, { log: this.#held.log });
        this.#held.log(`${name} ${version} at ${withoutPassword(endpoint)}`);
        ready[name] = endpoint;
      } catch (error) {
        problems.push(`${name}: ${error.message}`);
        this.shortfalls.push({ what: `tests on ${name}`, reason: error.message });
      }
    };
    await Promise.all(testFarm.map(start));
    const environment = farmEnvironment(ready);
    if (environment.SLIPWAY_TEST_ENGINES === "") throw new Error(`no engine came up\n${problems.join("\n")}`);
    return environment;
  }
}
