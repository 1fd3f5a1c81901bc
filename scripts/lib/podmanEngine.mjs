import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bridgeDown, forwardDown, forwardUp } from "./bridge.mjs";
import { engineSettings, registriesText, settingsText, ulimitSettings } from "./podmanSettings.mjs";
import { runAsRoot } from "./rootAccess.mjs";
import { findCommand } from "./run.mjs";
import { freeSubnet } from "./subnet.mjs";

const overlayFilesystem = 0x794c7630;

/** A network of its own: the machine's Podman gives out the same addresses on the same bridge without knowing of it. */
function networkSettings(folder, id) {
  const networks = join(folder, "networks");
  mkdirSync(networks, { recursive: true });
  const network = {
    name: "podman",
    id: createHash("sha256").update(id).digest("hex"),
    driver: "bridge",
    network_interface: `slipway${id}`,
    created: "2026-01-01T00:00:00Z",
    subnets: [freeSubnet(`slipway${id}`, id)],
    ipv6_enabled: false,
    internal: false,
    dns_enabled: false,
    ipam_options: { driver: "host-local" },
  };
  writeFileSync(join(networks, "podman.json"), JSON.stringify(network, undefined, 2));
  return ['network_backend = "netavark"', `network_config_dir = "${networks}"`];
}

/** What every Podman of ours is told in containers.conf, apart from its network. */
export function commonSettings() {
  const oldCgroups = !existsSync("/sys/fs/cgroup/cgroup.controllers");
  const systemd = existsSync("/run/systemd/system");
  return {
    containers: ulimitSettings(readFileSync("/proc/self/limits", "utf8")),
    engine: [...engineSettings({ oldCgroups, systemd }), 'lock_type = "file"'],
  };
}

/** The command line of a Podman service, and the settings files that it is to read instead of the machine's. */
export function serviceCommand({ storage, runtime, socket, settings }) {
  const options = {
    root: storage,
    runroot: join(runtime, "run"),
    tmpdir: join(runtime, "tmp"),
    // Where a root folder is named, rootless Podman by itself takes vfs, which copies an image for each container.
    "storage-driver": statfsSync(storage).type === overlayFilesystem ? "vfs" : "overlay",
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  return {
    argv: ["podman", ...flags, "system", "service", "--time=0", `unix://${socket}`],
    env: {
      CONTAINERS_CONF: join(settings, "containers.conf"),
      CONTAINERS_REGISTRIES_CONF: join(settings, "registries.conf"),
      PODMAN_IGNORE_CGROUPSV1_WARNING: "1",
    },
  };
}

// catatonit is the init process of containers that ask for one.
const hostNeeds = {
  commands: ["podman", "runc", "iptables", "catatonit"],
  packages: ["podman", "runc", "iptables", "catatonit"],
  optional: ["crun", "netavark", "aardvark-dns", "nftables"],
};

/**
 * A Podman service that shares nothing with the machine's Podman: storage, runtime folders, locks, events, network.
 * @param {{ title: string, needs: typeof hostNeeds,
 *   provideSystem: (log: (line: string) => void) => Promise<(argv: string[]) => string[]>,
 *   tree?: { path: () => string, remove: () => Promise<void> } }} options provideSystem: the system that Podman is taken
 *   from, as what turns a command into one that runs there; tree: where that is ours
 */
export const makePodmanEngine = ({ title, needs, provideSystem, tree }) => ({
  title,
  needs,
  tree,

  /** @returns {Promise<{ argv: string[], env: Record<string, string> }>} */
  async prepare({ folder, runFolder, socket, id, log }) {
    mkdirSync(join(folder, "data"), { recursive: true });
    const inSystem = await provideSystem(log);
    const version = (await runAsRoot(inSystem(["podman", "--version"]))).match(/\d+/)?.[0] ?? "0";
    // Before 4 there is only CNI, which has its networks from the system's package.
    const network = Number(version) >= 4 ? networkSettings(folder, id) : [];
    writeFileSync(join(folder, "containers.conf"), settingsText({ ...commonSettings(), network }));
    writeFileSync(join(folder, "registries.conf"), registriesText);
    await forwardUp(`slipway${id}`);
    const places = { storage: join(folder, "data"), runtime: runFolder, socket, settings: folder };
    const { argv, env } = serviceCommand(places);
    return { argv: inSystem(argv), env };
  },

  /** Podman takes its bridge away with the last container, unless it was killed. */
  async cleanUp({ id }) {
    if (findCommand("iptables")) await forwardDown(`slipway${id}`);
    if (findCommand("ip")) await bridgeDown(`slipway${id}`);
  },
});

export const podmanEngine = makePodmanEngine({
  title: "Podman",
  needs: hostNeeds,
  provideSystem: () => Promise.resolve((argv) => argv),
});
