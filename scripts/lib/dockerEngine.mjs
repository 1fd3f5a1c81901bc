import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bridgeDown, bridgeUp } from "./bridge.mjs";
import { runAsRoot } from "./rootAccess.mjs";
import { findCommand } from "./run.mjs";

/**
 * A dockerd that shares nothing with one that the machine may have: data, runtime folder, settings, network.
 * @param {{ title: string, needs: { commands: string[], packages: string[], optional?: string[] },
 *   provideSystem: (log: (line: string) => void) => Promise<(argv: string[]) => string[]>,
 *   tree?: { path: () => string, remove: () => Promise<void> } }} options provideSystem: the system that dockerd is taken
 *   from, as what turns a command into one that runs there; tree: where that is ours
 */
export const makeDockerEngine = ({ title, needs, provideSystem, tree }) => ({
  title,
  needs,
  tree,

  /** @returns {Promise<{ argv: string[], env: Record<string, string> }>} */
  async prepare({ folder, runFolder, socket, id, log }) {
    mkdirSync(join(folder, "data"), { recursive: true });
    const inSystem = await provideSystem(log);
    // Without one of its own, dockerd reads the machine's, whose entries may contradict these flags.
    writeFileSync(join(folder, "daemon.json"), "{}");
    await bridgeUp(`slipway${id}`, id, log);
    const options = {
      "config-file": join(folder, "daemon.json"),
      "data-root": join(folder, "data"),
      "exec-root": join(runFolder, "exec"),
      pidfile: join(runFolder, "dockerd.pid"),
      host: `unix://${socket}`,
      bridge: `slipway${id}`,
      iptables: "false",
      ip6tables: "false",
      // A containerd that the machine runs is used by every dockerd; these keep their containers apart in it.
      "containerd-namespace": `slipway-${id}`,
      "containerd-plugins-namespace": `slipway-plugins-${id}`,
    };
    const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    return { argv: inSystem(["dockerd", ...flags]), env: {} };
  },

  /** Once dockerd has ended: its bridge, and pid files that would be taken for whatever has that pid by now. */
  async cleanUp({ id, runFolder }) {
    const pidFile = join(runFolder, "dockerd.pid");
    // It is there only after a dockerd that was killed.
    if (existsSync(pidFile)) await runAsRoot(["rm", "-f", pidFile, join(runFolder, "exec/containerd/containerd.pid")]);
    if (findCommand("ip")) await bridgeDown(`slipway${id}`);
  },
});

export const dockerEngine = makeDockerEngine({
  title: "Docker",
  needs: {
    commands: ["dockerd", "containerd", "runc", "docker-init", "iptables"],
    packages: ["docker.io", "runc", "iptables"],
  },
  provideSystem: () => Promise.resolve((argv) => argv),
});
