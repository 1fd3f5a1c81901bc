import { createHash, randomUUID } from "node:crypto";
import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { StepConfiguration } from "../config/WorkspaceConfiguration";
import { makeFolder } from "../makeFolder";
import { readRegularFile } from "../readRegularFile";
import type { Workspace } from "../Workspace";
import { stepDigest } from "./stepDigest";

const text = z.string();
const failedRunShape = z.object({
  /** Undefined for a command that is no task of the workspace. */
  task: text.optional(),
  /** Address of the engine. */
  engine: text,
  containerId: text,
  containerName: text,
  part: z.enum(["setup", "task"]),
  /** Name of the step that failed. */
  step: text,
  exitCode: z.int(),
  /** The steps that were done before it, in order; see stepDigest. */
  done: z.array(text),
  /** Milliseconds since 1970. */
  at: z.number(),
});
const fileShape = z.object({ version: z.literal(1), run: failedRunShape });

/** A run that failed, whose container was kept. */
export type FailedRun = Readonly<Omit<z.infer<typeof failedRunShape>, "done">> & {
  readonly done: readonly string[];
};

const SUFFIX = ".json";

/**
 * Remembers on disk which runs have failed and where, so that they can be looked at and tried again after a restart. Of
 * each task only the last one counts. What cannot be read is as if it were not there.
 */
export class FailedRuns {
  private readonly folder: string;

  /** @param cacheFolder see cacheFolder.ts; a folder in it is made when first needed. */
  constructor(cacheFolder: string, workspace: Workspace) {
    this.folder = join(cacheFolder, "runs", workspace.id);
  }

  /** In the place of an earlier one of its task. */
  async record(run: FailedRun): Promise<void> {
    await makeFolder(this.folder);
    const file = this.fileOf(run.task);
    const temporary = `${file}.${randomUUID()}.tmp`;
    try {
      await writeFile(temporary, JSON.stringify({ version: 1, run }), { mode: 0o600 });
      await rename(temporary, file);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async read(task: string | undefined): Promise<FailedRun | undefined> {
    return readRun(this.fileOf(task));
  }

  /** Of all tasks, newest first. */
  async list(): Promise<readonly FailedRun[]> {
    const names = (await readdir(this.folder).catch(() => [])).filter((name) => name.endsWith(SUFFIX));
    const runs = await Promise.all(names.map(async (name) => readRun(join(this.folder, name))));
    return runs.filter((run) => run !== undefined).sort((a, b) => b.at - a.at);
  }

  /** Does nothing where there is none. */
  async forget(task: string | undefined): Promise<void> {
    await rm(this.fileOf(task), { force: true });
  }

  /** Names of tasks may hold anything. */
  private fileOf(task: string | undefined): string {
    const key = createHash("sha256")
      .update(JSON.stringify([task]))
      .digest("hex")
      .slice(0, 24);
    return join(this.folder, `${key}${SUFFIX}`);
  }
}

async function readRun(file: string): Promise<FailedRun | undefined> {
  try {
    return fileShape.parse(JSON.parse((await readRegularFile(file)).toString("utf8"))).run;
  } catch {
    return undefined;
  }
}

/** How many of the first steps were done in the failed run and are still the same: these need not run again. */
export function completedSteps({ done }: FailedRun, steps: readonly StepConfiguration[]): number {
  const first = steps.findIndex((step, index) => stepDigest(step) !== done[index]);
  return first < 0 ? steps.length : first;
}
