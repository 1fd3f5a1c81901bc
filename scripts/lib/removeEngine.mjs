import { existsSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { withCacheLock } from "./cache.mjs";
import { layout } from "./engineLayout.mjs";
import { stopNow } from "./engines.mjs";
import { engineTable } from "./engineTable.mjs";
import { runAsRoot } from "./rootAccess.mjs";
import { run } from "./run.mjs";

/** The folder of the short paths for sockets, where this was the last of them. */
function removeShort(runFolder) {
  if (!runFolder.startsWith(join(tmpdir(), "slipway-"))) return;
  try {
    rmdirSync(dirname(runFolder));
  } catch {
    // Another engine has its socket there, or there never was one.
  }
}

/** The tree that an engine's programs are from goes with the last engine that has it. */
async function removeTree(name) {
  const { tree } = engineTable[name].engine;
  if (!tree || !existsSync(tree.path())) return;
  const isInUse = Object.entries(engineTable).some(
    ([other, { engine }]) => engine.tree?.path() === tree.path() && existsSync(layout(other).folder),
  );
  if (!isInUse) await tree.remove();
}

/**
 * Stops an engine of ours and removes all that it has left on this machine, but for the packages that were installed.
 * Resolves to whether there was anything of it in the cache.
 */
export const removeEngine = (name, log) =>
  withCacheLock(
    `engine-${name}`,
    async () => {
      const { engine } = engineTable[name];
      const place = layout(name);
      const { folder, runFolder } = place;
      const wasThere = existsSync(folder);
      // Also where the cache is gone already: a user, a bridge and its rules are not in there.
      await stopNow(name);
      await engine.remove?.(place);
      for (const each of new Set([folder, runFolder])) {
        if (existsSync(each)) await (place.isCallers ? run : runAsRoot)(["rm", "-rf", "--one-file-system", each]);
      }
      removeShort(runFolder);
      await withCacheLock("remove-trees", () => removeTree(name), log);
      return wasThere;
    },
    log,
  );
