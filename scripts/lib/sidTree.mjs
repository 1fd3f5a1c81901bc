import { existsSync } from "node:fs";
import { join } from "node:path";
import { cachePath, makeOnce, shortHash, withCacheLock } from "./cache.mjs";
import { hostRelease } from "./debian.mjs";
import { unmountBelow } from "./mounts.mjs";
import { runAsRoot } from "./rootAccess.mjs";

/** What the newer engines need of a system, apart from what debootstrap puts in anyway. */
const packages = ["docker.io", "podman", "runc", "crun", "iptables", "nftables", "iproute2", "ca-certificates"].concat([
  "catatonit",
  "netavark",
  "aardvark-dns",
]);

/** What the host must have for it. Other distributions have Debian's keys in a package of their own. */
export const sidNeeds = {
  commands: ["debootstrap", "iptables"],
  packages: ["debootstrap", "iptables"],
  optional: ["debian-archive-keyring"],
};

async function remove(tree) {
  // debootstrap mounts /proc and /sys in it, and one that was killed leaves them.
  await unmountBelow(tree);
  await runAsRoot(["rm", "-rf", "--one-file-system", tree]);
}

async function make(tree, log) {
  const { id, mirror } = await hostRelease();
  const start = Date.now();
  log(`Making a tree of Debian unstable for the newer engines, once (about a minute): ${tree}`);
  const options = ["--variant=minbase", `--include=${packages.join(",")}`];
  await runAsRoot(["debootstrap", ...options, "sid", tree, ...(id === "debian" && mirror ? [mirror] : [])]);
  await runAsRoot(["sh", "-c", 'rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*', "sh", tree]);
  log(`  done in ${((Date.now() - start) / 1000).toFixed(0)} s`);
}

/** What the tree's /etc takes from the machine at each start: names, and whom to trust behind a company's proxy. */
const fromHost = ["resolv.conf", "hosts", "ssl/certs/ca-certificates.crt"];

/** Only what changed, and in one step: an engine that is up reads these, too. */
const refresh = `set -e
etc=$1/etc; shift
for name; do
  if cmp -s "/etc/$name" "$etc/$name"; then continue; fi
  cp --dereference "/etc/$name" "$etc/$name.new"
  mv "$etc/$name.new" "$etc/$name"
done`;

/**
 * In a mount namespace of its own, the tree's programs and settings take the place of the machine's; all else, whatever
 * tests may want to mount, stays where it is. A chroot would be a trap: runc takes the namespace's root for the root,
 * and whoever then enters a container by `exec` finds the machine instead. /run/containers is where Podmans keep what
 * they gave out of which address; two generations are better off without each other's.
 */
const enter = `set -e
tree=$1; shift
mkdir -p /run/containers
mount -t tmpfs tmpfs /run/containers
mount --bind "$tree/etc" /etc
mount --bind "$tree/usr" /usr
exec "$@"`;

/** Its name holds what it is made of, so a change of that makes another. */
const treePath = () => cachePath("trees", `sid-${shortHash(packages.join())}`);

export const sidTree = { path: treePath, remove: () => remove(treePath()) };

/**
 * Sees to it that the tree is there.
 * @param {(line: string) => void} log
 * @returns {Promise<(argv: string[]) => string[]>} turns a command into the one (for root) that runs it in the tree
 */
export async function provideSidTree(log) {
  const tree = await makeOnce(treePath(), (target) => make(target, log), { log, remove });
  const names = fromHost.filter((name) => existsSync(join("/etc", name)));
  await withCacheLock("sid-etc", () => runAsRoot(["sh", "-c", refresh, "sh", tree, ...names]), log);
  return (argv) => ["unshare", "--mount", "--propagation", "slave", "sh", "-c", enter, "sh", tree, ...argv];
}
