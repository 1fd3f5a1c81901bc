import { createHash, randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { makeFolder } from "../../makeFolder";
import { formatEngineAddress } from "../../ports/EngineEndpoint";
import type { ContainerEngine } from "../../ports/ContainerEngine";
import { readRegularFile } from "../../readRegularFile";
import { warmFolder } from "./ContainerMarks";

const shape = z.object({
  name: z.string(),
  imageId: z.string(),
  /** Digests of what it was asked for with, by names for people. */
  options: z.record(z.string(), z.string()),
  /** Whether others of the workspace are there still, since they were in use or kept. */
  others: z.boolean(),
});
export type CurrentContainer = z.infer<typeof shape>;

/** Which warm container a workspace used last on an engine: all others of that workspace are superseded. */
export class CurrentContainerFile {
  private readonly file: string;

  constructor(cacheFolder: string, engine: ContainerEngine, workspaceId: string) {
    this.file = join(warmFolder(cacheFolder), `current-${workspaceId}-${engineIdOf(engine)}.json`);
  }

  /** @returns undefined where it is not known. */
  async read(): Promise<CurrentContainer | undefined> {
    try {
      return shape.safeParse(JSON.parse((await readRegularFile(this.file)).toString("utf8"))).data;
    } catch {
      return undefined;
    }
  }

  async write(current: CurrentContainer): Promise<void> {
    await makeFolder(join(this.file, ".."));
    const temporary = `${this.file}.${randomUUID()}.tmp`;
    try {
      await writeFile(temporary, JSON.stringify(current), { mode: 0o600 });
      await rename(temporary, this.file);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async remove(): Promise<void> {
    await rm(this.file, { force: true });
  }
}

/** For the names of files: what is known of an engine's containers is not true of another's. */
export function engineIdOf(engine: ContainerEngine): string {
  return createHash("sha256").update(formatEngineAddress(engine.endpoint.address)).digest("hex").slice(0, 12);
}
