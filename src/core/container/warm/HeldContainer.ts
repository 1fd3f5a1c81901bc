import { ContainerNotFoundError } from "../../errors/containerErrors";
import { messageOf } from "../../errors/ExpectedError";
import { MachineKey } from "../../redact/MachineKey";
import type { AcquiredContainer, AcquireOptions, ReleaseMode } from "./acquireContainer";
import type { ContainerMarks, PlacedMark } from "./ContainerMarks";
import { CurrentContainerFile, engineIdOf, type CurrentContainer } from "./CurrentContainer";
import { forget, removeIfDiscarded } from "./discardContainer";
import { endsByItself } from "./endsByItself";
import { exclusively } from "./exclusively";
import { fileSetupRecord } from "./fileSetupRecord";
import { idleLimit } from "./keepAlive";
import { KeepBusy } from "./KeepBusy";
import { removalCommand } from "./removalCommand";
import { removeSuperseded } from "./removeSuperseded";
import { describeReplacement, runOptions } from "./runOptions";
import type { FoundWarm } from "./WarmSearch";

const STOP_GRACE_SECONDS = 1;

/** A warm container from its finding to its release, and what is to be done beside its use. */
export class HeldContainer {
  private readonly id: string;
  private readonly currentFile: CurrentContainerFile;
  private readonly busy: KeepBusy;
  private released = false;

  constructor(
    private readonly options: AcquireOptions,
    private readonly marks: ContainerMarks,
    private readonly lease: PlacedMark,
    private readonly found: FoundWarm & { readonly kind: "found" },
  ) {
    const { engine, cacheFolder, workspace, keepWarmMs } = options;
    this.id = found.details.id;
    this.currentFile = new CurrentContainerFile(cacheFolder, engine, workspace.id);
    this.busy = new KeepBusy(engine, this.id, { idleMs: idleLimit(keepWarmMs), lease });
  }

  /** @param started by performance.now(), when it was asked for. */
  async acquired(started: number): Promise<AcquiredContainer> {
    const { details, reused, replaced, warnings } = this.found;
    // A new one is slow in any case, and has to say what it takes the place of.
    const before = reused ? undefined : await this.currentFile.read();
    const now = reused ? undefined : await this.describe();
    const isOther = before !== undefined && before.name !== this.marks.name;
    const housekeeping = this.keepHouse(now);
    return {
      ...{ id: this.id, name: this.marks.name, ports: details.ports, reused, shell: "sh" },
      replaced: replaced ?? (isOther && now !== undefined ? describeReplacement(before, now) : undefined),
      durationMs: performance.now() - started,
      warnings: this.marks.problem === undefined ? warnings : [...warnings, this.marks.problem],
      setup: fileSetupRecord(this.options.cacheFolder, this.marks, this.id),
      release: async (how) => {
        if (this.released) {
          return [];
        }
        this.released = true;
        return [...(await this.release(how)), ...(await housekeeping)];
      },
    };
  }

  private async describe(): Promise<CurrentContainer> {
    const { prepared, keepWarmMs, image, cacheFolder } = this.options;
    const options = await runOptions(prepared, idleLimit(keepWarmMs), new MachineKey(cacheFolder));
    return { name: this.marks.name, imageId: image.imageId, options, others: true };
  }

  /** Beside the run. Never rejects. @returns problems, for people. */
  private async keepHouse(now: CurrentContainer | undefined): Promise<readonly string[]> {
    const { engine, workspace, cacheFolder, task } = this.options;
    const { name, processes } = this.marks;
    try {
      await this.tidyMarks();
      const before = now ?? (await this.currentFile.read());
      if (before?.name === name && !before.others) {
        return [];
      }
      const current = now ?? (before?.name === name ? before : await this.describe());
      await this.currentFile.write({ ...current, others: true });
      const others = await removeSuperseded({ engine, workspace, cacheFolder, name, task, processes });
      await this.currentFile.write({ ...current, others });
      return [];
    } catch (error) {
      return [`Containers of ${workspace.folder} that are of no use any more were not removed: ${messageOf(error)}`];
    }
  }

  /** What was said of an earlier container of the name; and the task whose run failed runs again now. */
  private async tidyMarks(): Promise<void> {
    const { engine, task } = this.options;
    const { id: own, marks } = this;
    await forget(
      marks,
      ({ kind, id, task: keptFor }) =>
        (id !== "" && id !== own) || (kind === "kept" && task !== undefined && keptFor === task),
    );
    if (!this.found.reused) {
      await marks.put("made", { id: own, engine: engineIdOf(engine) });
    }
  }

  private async release(how: ReleaseMode): Promise<readonly string[]> {
    const { engine, keepWarmMs, task } = this.options;
    const { id, marks } = this;
    const container = { id, name: marks.name };
    this.busy.stop();
    if (how === "left") {
      await marks.put("left", { id });
      await this.lease.remove();
      return [];
    }
    const goes = how === "remove" || (how === "warm" && keepWarmMs === 0);
    if (goes) {
      await marks.put("discard", { id });
    } else if (how === "keep") {
      await marks.put("kept", { id, task });
    }
    await this.lease.remove();
    const present = await marks.read();
    // Whoever goes last does what anybody before has asked for.
    if (goes || present.some(({ kind }) => kind === "discard")) {
      const { removed, problems } = await removeIfDiscarded({ engine, marks, container });
      if (removed || goes || problems.length > 0) {
        return problems;
      }
    }
    try {
      if (!(await endsByItself({ engine, marks, present, id, isNew: !this.found.reused }))) {
        await exclusively({ marks }, async () => engine.stopContainer(id, { graceSeconds: STOP_GRACE_SECONDS }));
      }
      return [];
    } catch (error) {
      // It has been removed meanwhile, which is as good.
      if (error instanceof ContainerNotFoundError) {
        return [];
      }
      const message = `The container ${marks.name} could not be stopped (${messageOf(error)}).`;
      return [`${message} ${await removalCommand(engine, marks.name)}`];
    }
  }
}
