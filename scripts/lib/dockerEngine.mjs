import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bridgeDown, bridgeUp } from "./bridge.mjs";
import { runAsRoot } from "./rootAccess.mjs";
import { findCommand } from "./run.mjs";

/** A dockerd that shares nothing with one that the machine may have: data, runtime folder, settings, network. */
export const dockerEngine = {
  title: "Docker",
  needs: {
    commands: ["dockerd", "containerd", "runc", "docker-init", "iptables"],
    packages: ["docker.io", "runc", "iptables"],
  },

  /** @returns {Promise<{ argv: string[], env: Record<string, string> }>} */
  async prepare({ folder, runFolder, socket, id, log }) {
    mkdirSync(join(folder, "data"), { recursive: true });
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
    return { argv: ["dockerd", ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)], env: {} };
  },

  /** Once dockerd has ended: its bridge, and pid files that would be taken for whatever has that pid by now. */
  async cleanUp({ id, runFolder }) {
    const pidFile = join(runFolder, "dockerd.pid");
    // It is there only after a dockerd that was killed.
    if (existsSync(pidFile)) await runAsRoot(["rm", "-f", pidFile, join(runFolder, "exec/containerd/containerd.pid")]);
    if (findCommand("ip")) await bridgeDown(`slipway${id}`);
  },
};
