import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder, cachePath, shortHash } from "./cache.mjs";
import { engineTable } from "./engineTable.mjs";

/** Where an engine of ours keeps its things. The system limits a socket's path to 107 bytes, and dockerd appends. */
export function layout(name) {
  const { engine } = engineTable[name];
  const folder = cachePath("engines", name);
  const id = shortHash(folder);
  const short = join(tmpdir(), `slipway-${process.getuid?.() ?? 0}-${shortHash(cacheFolder)}`, name);
  const runFolder = engine.runFolder?.(id) ?? (folder.length > 60 ? short : folder);
  // Whatever has no socket is known by something else.
  const socket = engine.mark ? undefined : join(runFolder, "engine.sock");
  return {
    folder,
    runFolder,
    socket,
    mark: socket ?? engine.mark(folder),
    pidFile: join(folder, "pid"),
    logFile: join(folder, "log"),
    usersFolder: join(folder, "users"),
    isCallers: engine.isCallers,
    isOwnUid: engine.isOwnUid?.(id),
    id,
  };
}
