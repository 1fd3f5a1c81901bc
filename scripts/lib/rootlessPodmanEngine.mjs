import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findUser, uidsOf } from "./accounts.mjs";
import { unmountBelow } from "./mounts.mjs";
import { ensurePackages } from "./packages.mjs";
import { commonSettings, podmanEngine, serviceCommand } from "./podmanEngine.mjs";
import { registriesText, settingsText } from "./podmanSettings.mjs";
import { runAsRoot } from "./rootAccess.mjs";
import { findCommand, searchPath } from "./run.mjs";

/** A user of this cache's engine alone: whatever runs as it is ours to end. */
const userName = (id) => `slipway-${id}`;

/**
 * Not in the cache, since that user cannot look into the home of whoever runs this; and not below /run or /var/lib,
 * which rootless Podman covers with folders of its own where it sets up networks.
 */
const homeOf = (id) => `/home/${userName(id)}`;

const runtimeOf = ({ uid }) => `/run/user/${uid}`;

const lookUp = (id) => findUser(userName(id), readFileSync("/etc/passwd", "utf8"));

async function ensureUser(id, log) {
  if (!lookUp(id)) {
    log(`Adding the user ${userName(id)} to this system, for rootless Podman`);
    const ids = ["--system", "--user-group", "--add-subids-for-system"];
    const home = ["--create-home", "--home-dir", homeOf(id), "--shell", "/usr/sbin/nologin"];
    await runAsRoot(["useradd", ...ids, ...home, "--comment", "Slipway, for tests", userName(id)]);
  }
  return lookUp(id);
}

/**
 * What a login and an ordinary system give a user, and a bare machine does not. Nothing runs as the user now, so what
 * is in its runtime folder is stale; Podman insists on the folder's place. The home holds the engine's socket, to which
 * others are to come through, and nothing else.
 */
const furnish = `set -e
owner=$1 home=$2 runtime=$3 containers=$4 registries=$5
mkdir -p "$(dirname "$runtime")" "$home/data"
[ ! -d "$runtime" ] || find "$runtime" -xdev -mindepth 1 -delete
install -d -m 700 -o "\${owner%:*}" -g "\${owner#*:}" "$runtime"
chown "$owner" "$home" "$home/data"
chmod 711 "$home"
printf %s "$containers" >"$home/containers.conf"
printf %s "$registries" >"$home/registries.conf"
[ -e /dev/net/tun ] || { mkdir -p /dev/net; mknod -m 666 /dev/net/tun c 10 200; }
[ -e /dev/fuse ] || mknod -m 666 /dev/fuse c 10 229`;

const devices = ["/dev/net/tun", "/dev/fuse"];

/** The command line that runs something as the user. */
const asUser = ({ uid, gid }, argv) => ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--init-groups", ...argv];

/** Devices that the machine has are open to everybody on most; where they are not, they are opened to this user only. */
async function openDevices(id, user, log) {
  for (const device of devices) {
    const isOpen = runAsRoot(asUser(user, ["sh", "-c", 'test -r "$1" && test -w "$1"', "sh", device]));
    if (await isOpen.then(() => true).catch(() => false)) continue;
    await ensurePackages({ commands: ["setfacl"], packages: ["acl"], log });
    log(`Opening ${device} to the user ${userName(id)}`);
    await runAsRoot(["setfacl", "--modify", `user:${user.uid}:rw`, device]);
  }
}

/** A Podman service of an ordinary user, made for it. */
export const rootlessPodmanEngine = {
  title: "rootless Podman",
  needs: {
    commands: [...podmanEngine.needs.commands, "newuidmap", "slirp4netns", "fuse-overlayfs", "setpriv"],
    packages: [...podmanEngine.needs.packages, "uidmap", "slirp4netns", "fuse-overlayfs"],
    optional: [...podmanEngine.needs.optional, "passt"],
  },

  runFolder: homeOf,

  /** Whose processes are the engine's, once its user is there. */
  isOwnUid(id) {
    const user = lookUp(id);
    return user && uidsOf(userName(id), user.uid, existsSync("/etc/subuid") ? readFileSync("/etc/subuid", "utf8") : "");
  },

  /** @returns {Promise<{ argv: string[], env: Record<string, string> }>} */
  async prepare({ runFolder: home, socket, id, log }) {
    const user = await ensureUser(id, log);
    const { uid, gid } = user;
    const runtime = runtimeOf(user);
    const settings = settingsText({ ...commonSettings(), network: ['network_backend = "netavark"'] });
    await runAsRoot(["sh", "-c", furnish, "sh", `${uid}:${gid}`, home, runtime, settings, registriesText]);
    await openDevices(id, user, log);
    const places = { storage: join(home, "data"), runtime, socket, settings: home };
    const { argv, env } = serviceCommand(places);
    const variables = { PATH: searchPath, HOME: home, USER: userName(id), XDG_RUNTIME_DIR: runtime, ...env };
    const assigned = Object.entries(variables).map((pair) => pair.join("="));
    return { argv: asUser(user, ["env", "--ignore-environment", ...assigned, ...argv]), env: {} };
  },

  async cleanUp() {},

  /** The user, and what is its outside the home. */
  async remove({ id }) {
    const user = lookUp(id);
    if (!user) return;
    await unmountBelow(runtimeOf(user));
    await runAsRoot(["rm", "-rf", "--one-file-system", runtimeOf(user)]);
    if (findCommand("setfacl")) {
      for (const device of devices.filter((path) => existsSync(path))) {
        await runAsRoot(["setfacl", "--remove", `user:${user.uid}`, device]).catch(() => {});
      }
    }
    await runAsRoot(["userdel", "--remove", userName(id)]);
  },
};
