import { readdirSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cachePath, makeOnce } from "./cache.mjs";
import { missingLibraryPackages, unpackPackages } from "./packages.mjs";
import { execute, findCommand } from "./run.mjs";

/**
 * Starts sshd out of its unpacked package. sshd starts itself again for each connection, by the name that it was started
 * by; so this is that name. Newer ones have a program apart for that. As root it wants a user called sshd: where there
 * is none, it gets one that only it sees.
 */
const wrapper = `#!/bin/bash
tree=\${0%/*}
if [ "$EUID" = 0 ] && [ -z "$SLIPWAY_SSHD_HAS_USER" ] && ! getent passwd sshd >/dev/null; then
  export SLIPWAY_SSHD_HAS_USER=1
  exec unshare --mount --propagation slave bash -c '
set -e
mkdir -p /run/sshd
mount -t tmpfs -o mode=755 tmpfs /run/sshd
{ cat /etc/passwd; echo "sshd:x:65534:65534::/run/sshd:/usr/sbin/nologin"; } >/run/sshd/passwd
mount --bind /run/sshd/passwd /etc/passwd
exec "$@"' bash "$0" "$@"
fi
libraries= options=()
for folder in "$tree"/lib/*-linux-* "$tree"/usr/lib/*-linux-*; do
  if [ -d "$folder" ]; then libraries+=:$folder; fi
done
export LD_LIBRARY_PATH=\${libraries#:}
for part in Session Auth; do
  program=$tree/usr/lib/openssh/sshd-\${part,}
  if [ -e "$program" ]; then options+=(-o "Sshd\${part}Path=$program"); fi
done
exec -a "$0" "$tree/usr/sbin/sshd" "\${options[@]}" "$@"
`;

/** The libraries that programs of an unpacked package lack on this machine, as `ldd` names them. */
export const parseMissing = (text) => [...text.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name);

/** What the tree's programs lack with the libraries that are in the tree. */
async function missingLibraries(tree) {
  const folders = [join(tree, "lib"), join(tree, "usr/lib")].filter((folder) => existsSync(folder));
  const libraries = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.includes("-linux-"))
      .map((name) => join(folder, name)),
  );
  const programs = ["usr/sbin/sshd", "usr/lib/openssh/sshd-session", "usr/lib/openssh/sshd-auth"]
    .map((name) => join(tree, name))
    .filter((path) => existsSync(path));
  const env = { LC_ALL: "C", LD_LIBRARY_PATH: libraries.join(":") };
  return parseMissing((await execute(["ldd", ...programs], { env })).output);
}

async function unpack(tree, log) {
  await unpackPackages(["openssh-server"], tree, log);
  const unpacked = new Set(["openssh-server"]);
  for (let last = [...unpacked]; (await missingLibraries(tree)).length > 0;) {
    last = (await missingLibraryPackages(last)).filter((name) => !unpacked.has(name));
    if (last.length === 0) throw new Error(`sshd lacks ${(await missingLibraries(tree)).join(", ")}`);
    await unpackPackages(last, tree, log);
    for (const name of last) unpacked.add(name);
  }
  writeFileSync(join(tree, "sshd"), wrapper, { mode: 0o755 });
}

const treePath = () => cachePath("trees", "openssh-server");

/** The sshd that tests start: the machine's, else the one that was unpacked; undefined where there is neither. */
export function findSshd() {
  const unpacked = join(treePath(), "sshd");
  return process.env.SLIPWAY_TEST_SSHD || findCommand("sshd") || (existsSync(unpacked) ? unpacked : undefined);
}

/**
 * An sshd for tests to start. The package is never installed: it would let whoever has an account log in to the machine.
 * @param {(line: string) => void} log
 * @returns {Promise<string>} its path
 */
export async function ensureSshd(log) {
  const found = findSshd();
  if (found) return found;
  return join(await makeOnce(treePath(), (target) => unpack(target, log), { log }), "sshd");
}
