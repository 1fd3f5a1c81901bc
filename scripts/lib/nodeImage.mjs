import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { cachePath, makeOnce } from "./cache.mjs";
import { hostRelease } from "./debian.mjs";
import { importImage, pullImage } from "./engineApi.mjs";
import { ensurePackages } from "./packages.mjs";
import { runAsRoot } from "./rootAccess.mjs";
import { run } from "./run.mjs";

const node = `node-linux-${process.arch}`;

/**
 * What makes the root folder of an image into node:20: Node and npm where the official image has them, and its user.
 * Leaves out what only a package manager or a reader needs. Device files are the engine's own business.
 */
const assemble = `set -eu
work=$1 node=$2 target=$3 owner=$4 root=$1/root modules=$1/npm/node_modules
cp -a "$modules/$node/." "$root/usr/local/"
rm -f "$root/usr/local/package.json" "$root"/usr/local/*.md "$root/usr/local/LICENSE"
mkdir -p "$root/usr/local/lib/node_modules"
rm -rf "$root/usr/local/lib/node_modules/npm"
cp -a "$modules/npm" "$root/usr/local/lib/node_modules/npm"
chown -R 0:0 "$root/usr/local"
chmod 755 "$root/usr/local" "$root/usr/local/bin" "$root/usr/local/bin/node"
for name in npm npx; do
  chmod 755 "$root/usr/local/lib/node_modules/npm/bin/$name-cli.js"
  ln -sf "../lib/node_modules/npm/bin/$name-cli.js" "$root/usr/local/bin/$name"
done
ln -sf node "$root/usr/local/bin/nodejs"
grep -q '^node:' "$root/etc/passwd" || { echo 'node:x:1000:1000::/home/node:/bin/bash' >>"$root/etc/passwd"
  echo 'node:x:1000:' >>"$root/etc/group"; mkdir -p "$root/home/node"; chown 1000:1000 "$root/home/node"; }
rm -f "$root/etc/resolv.conf" "$root/etc/hostname"
tar -C "$root" --numeric-owner -cf "$target" --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' \\
  --exclude='./debootstrap' --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' --exclude='./var/log/*' \\
  --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/info/*' --exclude='./usr/share/locale/*' .
chown "$owner" "$target"`;

const removeAsRoot = (path) => runAsRoot(["rm", "-rf", "--one-file-system", path]);

async function makeTar(target, log) {
  await ensurePackages({ commands: ["debootstrap"], packages: ["debootstrap"], log });
  const { codename, mirror } = await hostRelease();
  if (!codename)
    throw new Error("/etc/os-release names no VERSION_CODENAME, so there is no release to make node:20 of");
  log(`No registry has answered: making node:20 of ${codename}'s packages and npm's ${node}, once (under a minute)`);
  // A folder of this process's own: what a killed run started may still be writing into that run's.
  const work = `${target}.${process.pid}.work`;
  const left = readdirSync(dirname(target)).filter((name) => /^node20-.*\.work$/.test(name));
  for (const name of left) await removeAsRoot(join(dirname(target), name)).catch(() => {});
  // Made by the user, before root makes the rest of it.
  mkdirSync(work);
  try {
    const packages = [`${node}@20`, "npm@10"];
    const quiet = ["--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"];
    // Both to their end, failed or not: nothing may write into the folder any more when it is removed.
    const results = await Promise.allSettled([
      runAsRoot(["debootstrap", "--variant=minbase", codename, `${work}/root`, ...(mirror ? [mirror] : [])]),
      run(["npm", "install", "--prefix", `${work}/npm`, ...quiet, ...packages], { cwd: "/" }),
    ]);
    for (const { status, reason } of results) if (status === "rejected") throw reason;
    await runAsRoot(["sh", "-c", assemble, "sh", work, node, target, String(process.getuid())]);
  } finally {
    await removeAsRoot(work);
  }
}

let registryAnswers = true;

/** An engine's refusal is a line of JSON. */
function reasonOf(error) {
  const [line] = error.message.split("\n");
  try {
    return JSON.parse(line.slice(line.indexOf("{"))).message ?? line;
  } catch {
    return line;
  }
}

/**
 * Gives an engine node:20: from a registry where one answers, else made here of the system's packages.
 * @returns {Promise<"pulled" | "made">}
 */
export async function provideNodeImage(endpoint, log, { isOwn = true } = {}) {
  const tar = cachePath("images", `node20-${process.arch}.tar`);
  // On an engine of somebody's own only the real image should ever be, if it can be had.
  if (registryAnswers && (!isOwn || !existsSync(tar))) {
    log("Pulling node:20");
    try {
      await pullImage(endpoint, "node:20", 8000);
      return "pulled";
    } catch (error) {
      registryAnswers = false;
      log(`  not pulled: ${reasonOf(error)}`);
    }
  }
  await makeOnce(tar, (target) => makeTar(target, log), { log });
  log("Importing node:20");
  await importImage(endpoint, "node:20", tar, [
    "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    'LABEL org.opencontainers.image.description="Stand-in for node:20, made by Slipway without a registry"',
    'CMD ["node"]',
  ]);
  return "made";
}
