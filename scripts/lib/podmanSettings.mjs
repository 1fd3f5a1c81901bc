/**
 * A settings file of Podman's family, which is TOML.
 * @param {Record<string, string[]>} sections lines by section, "" for those before any
 */
export const settingsText = (sections) =>
  Object.entries(sections)
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => [...(name === "" ? [] : [`[${name}]`]), ...lines, ""].join("\n"))
    .join("\n");

/**
 * Podman wants more open files than some machines allow, and then no container starts.
 * @param {string} limits as in /proc/self/limits
 */
export function ulimitSettings(limits) {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1] ?? "unlimited";
  return hard !== "unlimited" && Number(hard) < 1_048_576
    ? [`default_ulimits = ["nofile=${hard}:${hard}", "nproc=4096:4096"]`]
    : [];
}

/**
 * What Podman cannot find out by itself on a machine without systemd or with cgroups of version 1.
 * @param {{ oldCgroups: boolean, systemd: boolean }} machine
 */
export const engineSettings = ({ oldCgroups, systemd }) => [
  ...(oldCgroups ? ['runtime = "runc"'] : []),
  ...(oldCgroups || !systemd ? ['cgroup_manager = "cgroupfs"', 'events_logger = "file"'] : []),
];

/** Registries of this machine, on any port, need no TLS: Docker's rule for all of 127.0.0.0/8. */
export const registriesText = settingsText({
  "": ["unqualified-search-registries = []"],
  "[registry]": ['prefix = "127.0.0.1"', 'location = "127.0.0.1"', "insecure = true"],
});
