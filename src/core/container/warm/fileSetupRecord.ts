import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { BuildLock } from "../../image/sharing/BuildLock";
import { makeFolder } from "../../makeFolder";
import { readRegularFile } from "../../readRegularFile";
import { warmFolder, type ContainerMarks } from "./ContainerMarks";
import type { SetupRecord } from "./SetupRecord";

const shape = z.object({ id: z.string(), digest: z.string() });

/** @param id of the container: another one of the same name has not been set up. */
export function fileSetupRecord(cacheFolder: string, marks: ContainerMarks, id: string): SetupRecord {
  const file = join(marks.folder, "setup.json");
  return {
    async read() {
      try {
        const { data } = shape.safeParse(JSON.parse((await readRegularFile(file)).toString("utf8")));
        return data?.id === id ? data.digest : undefined;
      } catch {
        // Not there or damaged: then it is done once more.
        return undefined;
      }
    },
    async write(digest) {
      await makeFolder(marks.folder);
      const temporary = `${file}.${randomUUID()}.tmp`;
      try {
        await writeFile(temporary, JSON.stringify({ id, digest }), { mode: 0o600 });
        await rename(temporary, file);
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async lock(signal) {
      const taking = new BuildLock(join(warmFolder(cacheFolder), "locks")).acquire(id, { signal });
      for (;;) {
        const next = await taking.next();
        if (next.done === true) {
          return next.value;
        }
      }
    },
  };
}
