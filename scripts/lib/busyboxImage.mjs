import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cachePath, makeOnce } from "./cache.mjs";
import { importImage } from "./engineApi.mjs";
import { ensurePackages } from "./packages.mjs";
import { findCommand, run } from "./run.mjs";

/** busybox:latest out of the system's static busybox: 2 MB, and a shell with the usual commands. */
async function makeTar(target, log) {
  await ensurePackages({ commands: ["busybox"], packages: ["busybox-static"], log });
  const busybox = findCommand("busybox");
  const folder = `${target}.root`;
  await rm(folder, { recursive: true, force: true });
  for (const name of ["bin", "etc", "root", "tmp", "usr", "var", "dev", "proc", "sys"]) {
    await mkdir(join(folder, name), { recursive: true, mode: name === "tmp" ? 0o1777 : 0o755 });
  }
  await cp(busybox, join(folder, "bin/busybox"));
  const applets = (await run([busybox, "--list"])).trim().split("\n");
  for (const applet of applets) {
    if (applet !== "busybox") await symlink("busybox", join(folder, "bin", applet));
  }
  await writeFile(join(folder, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  await writeFile(join(folder, "etc/group"), "root:x:0:\n");
  await run(["tar", "-C", folder, "--owner=0", "--group=0", "--numeric-owner", "-cf", target, "."]);
  await rm(folder, { recursive: true });
}

/** Gives an engine busybox:latest. */
export async function importBusybox(endpoint, log) {
  const tar = await makeOnce(cachePath("images", "busybox.tar"), (target) => makeTar(target, log), { log });
  await importImage(endpoint, "busybox:latest", tar, ["ENV PATH=/bin", 'CMD ["sh"]']);
}
