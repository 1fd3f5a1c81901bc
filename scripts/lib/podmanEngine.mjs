import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.mjs";
import { freeSubnet } from "./subnet.mjs";

const overlayFilesystem = 0x794c7630;

/** Podman wants more open files than some machines allow, and then no container starts. */
function ulimits() {
  const limits = readFileSync("/proc/self/limits", "utf8");
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1] ?? "unlimited";
  return hard !== "unlimited" && Number(hard) < 1_048_576
    ? [`default_ulimits = ["nofile=${hard}:${hard}", "nproc=4096:4096"]`]
    : [];
}

/** What Podman cannot find out by itself on a machine without systemd or with cgroups of version 1. */
function engineSettings() {
  const oldCgroups = !existsSync("/sys/fs/cgroup/cgroup.controllers");
  const systemd = existsSync("/run/systemd/system");
  return [
    ...(oldCgroups ? ['runtime = "runc"'] : []),
    ...(oldCgroups || !systemd ? ['cgroup_manager = "cgroupfs"', 'events_logger = "file"'] : []),
  ];
}

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

/** A Podman service that shares nothing with the machine's Podman: storage, runtime folders, locks, events, network. */
export const podmanEngine = {
  title: "Podman",
  needs: {
    // catatonit is the init process of containers that ask for one.
    commands: ["podman", "runc", "iptables", "catatonit"],
    packages: ["podman", "runc", "iptables", "catatonit"],
    optional: ["crun", "netavark", "aardvark-dns", "nftables"],
  },

  /** @returns {Promise<{ argv: string[], env: Record<string, string> }>} */
  async prepare({ folder, runFolder, socket, id }) {
    mkdirSync(join(folder, "data"), { recursive: true });
    const version = (await run(["podman", "--version"])).match(/\d+/)?.[0] ?? "0";
    const sections = {
      containers: ulimits(),
      engine: [...engineSettings(), 'lock_type = "file"'],
      // Before 4 there is only CNI, which has its networks from the system's package.
      network: Number(version) >= 4 ? networkSettings(folder, id) : [],
    };
    const text = Object.entries(sections).map(([name, lines]) => [`[${name}]`, ...lines, ""].join("\n"));
    writeFileSync(join(folder, "containers.conf"), text.join("\n"));
    const onOverlay = statfsSync(folder).type === overlayFilesystem;
    const options = {
      root: join(folder, "data"),
      runroot: join(runFolder, "run"),
      tmpdir: join(runFolder, "tmp"),
      ...(onOverlay && { "storage-driver": "vfs" }),
    };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    return {
      argv: ["podman", ...flags, "system", "service", "--time=0", `unix://${socket}`],
      env: { CONTAINERS_CONF: join(folder, "containers.conf"), PODMAN_IGNORE_CGROUPSV1_WARNING: "1" },
    };
  },

  /** Podman takes its bridge away with the last container. */
  async cleanUp() {},
};
