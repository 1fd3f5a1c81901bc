import { setTimeout } from "node:timers/promises";
import {
  ContainerNameInUseError,
  ContainerNotFoundError,
  ContainerNotRunningError,
} from "../../errors/containerErrors";
import { ContainerStartError, PortInUseError } from "../../errors/containerErrors";
import { WarmContainerBusyError } from "../../errors/warmContainerErrors";
import { LABEL } from "../../labels";
import type { ContainerDetails } from "../../ports/ContainerTypes";
import { toStartError } from "../spec/toStartError";
import { isOfTheGone, type PlacedMark } from "./ContainerMarks";
import { exclusively } from "./exclusively";
import { forget } from "./discardContainer";
import { makeWarm, type MakeWarmOptions } from "./makeWarm";

/** In milliseconds: how often, and for how long, it is waited for somebody who makes or removes the container. */
const PAUSE_MS = 50;
const PATIENCE_MS = 60_000;
/** Of a container that ends at once each time. */
const MOST_STARTS = 3;

export interface WarmSearchOptions extends MakeWarmOptions {
  /** Held by whoever looks. */
  readonly lease: PlacedMark;
}

export type FoundWarm =
  | {
      readonly kind: "found";
      readonly details: ContainerDetails;
      readonly reused: boolean;
      /** Why the one of the same key could not be used, for people. */
      readonly replaced: string | undefined;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "no-shell" };

/** The way to a warm container that runs, whatever other processes do with it meanwhile. */
export class WarmSearch {
  private replaced: string | undefined;
  private readonly warnings: string[] = [];
  private fresh: boolean;
  private starts = 0;
  private readonly deadline = performance.now() + PATIENCE_MS;

  constructor(private readonly options: WarmSearchOptions) {
    this.fresh = options.fresh === true;
  }

  async find(): Promise<FoundWarm> {
    for (;;) {
      const found = await this.look();
      if (found !== undefined) {
        return found;
      }
    }
  }

  /** @returns undefined to look once more. */
  private async look(): Promise<FoundWarm | undefined> {
    const { engine, marks, key, lease, signal } = this.options;
    signal?.throwIfAborted();
    const present = await marks.read();
    if (present.some(({ kind }) => kind === "noshell")) {
      return { kind: "no-shell" };
    }
    if (present.some(({ kind, alive }) => kind === "claim" && alive)) {
      return this.pause("another Slipway is about to remove or restart it");
    }
    const details = await engine.inspectContainer(marks.name, { signal });
    if (details === undefined) {
      return this.make();
    }
    if (details.labels[LABEL.run] !== key || details.labels[LABEL.name] !== marks.name) {
      throw new ContainerNameInUseError(marks.name);
    }
    if (this.fresh) {
      this.fresh = false;
      if (await this.remove(details, "a new one was asked for")) {
        return undefined;
      }
      this.warnings.push(`The container ${marks.name} is used as it is, since another run is using it.`);
    }
    const isLeft = present.some(isOfTheGone);
    switch (details.state) {
      case "running":
        return isLeft ? this.restart(details) : this.found(details);
      case "exited":
        await forget(marks, (mark) => isOfTheGone(mark) && mark.token !== lease.token);
        return this.start(details);
      case "created":
        return this.removeHalfMade(details);
      case "paused":
        throw new ContainerNotRunningError(marks.name, { paused: true });
      case "dead":
        await engine.removeContainer(details.id);
        return this.pause("the engine cannot remove it");
      case "removing":
        return this.pause("it is being removed");
      case "restarting":
        return this.pause("it is being restarted");
    }
  }

  private async make(): Promise<FoundWarm | undefined> {
    const { marks } = this.options;
    this.fresh = false;
    const made = await makeWarm(this.options);
    switch (made.kind) {
      case "again":
        return this.pause("others keep making and removing it");
      case "no-shell":
        await marks.put("noshell");
        return made;
      case "made": {
        const { details, warnings } = made;
        if (details.state !== "running") {
          return this.pause("it ends as soon as it is started");
        }
        return { ...this.found(details), reused: false, warnings: [...this.warnings, ...warnings] };
      }
    }
  }

  private async start({ id }: ContainerDetails): Promise<FoundWarm | undefined> {
    const { engine, marks, prepared, command } = this.options;
    this.starts++;
    if (this.starts > MOST_STARTS) {
      throw new WarmContainerBusyError(marks.name, "it ends as soon as it is started");
    }
    try {
      await engine.startContainer(id);
    } catch (error) {
      if (error instanceof ContainerNotFoundError) {
        return undefined;
      }
      const failure =
        error instanceof ContainerStartError ? await toStartError(error, { ...prepared.spec, command }) : error;
      if (
        !(failure instanceof ContainerStartError) ||
        failure instanceof PortInUseError ||
        this.replaced !== undefined
      ) {
        throw failure;
      }
      // What it was made with may be gone; a new one says what is wrong, if anything still is.
      const removed = await this.remove({ id }, `it could not be started again: ${failure.detail.trim()}`);
      if (!removed) {
        throw failure;
      }
      return undefined;
    }
    return this.inspected(id);
  }

  /** What a process has left running that died while it used the container must not go on beside the next one. */
  private async restart(details: ContainerDetails): Promise<FoundWarm | undefined> {
    const { engine, marks, lease } = this.options;
    const restarted = await exclusively({ marks, ownLease: lease.token }, async () => {
      await engine.restartContainer(details.id, { graceSeconds: 1 });
      await forget(marks, isOfTheGone);
    });
    return restarted ? this.inspected(details.id) : this.found(details);
  }

  /** Its maker may have gone on with it since it was looked at; and if he is gone, others may be about to do the same. */
  private async removeHalfMade({ id }: ContainerDetails): Promise<undefined> {
    const { engine, marks } = this.options;
    const removed = await exclusively({ marks, ignoresLeases: true }, async () => {
      if ((await engine.inspectContainer(id))?.state === "created") {
        await engine.removeContainer(id);
      }
    });
    return removed ? undefined : this.pause("another Slipway has been making it for a minute");
  }

  private async remove({ id }: Pick<ContainerDetails, "id">, why: string): Promise<boolean> {
    const { engine, marks, lease } = this.options;
    const removed = await exclusively({ marks, ownLease: lease.token }, async () => engine.removeContainer(id));
    this.replaced = removed ? why : this.replaced;
    return removed;
  }

  /** Its ports are known only now. */
  private async inspected(id: string): Promise<FoundWarm | undefined> {
    const details = await this.options.engine.inspectContainer(id);
    return details?.state === "running" ? this.found(details) : this.pause("it ends as soon as it is started");
  }

  private found(details: ContainerDetails): FoundWarm & { readonly kind: "found" } {
    return { kind: "found", details, reused: true, replaced: this.replaced, warnings: this.warnings };
  }

  private async pause(why: string): Promise<undefined> {
    const { marks, signal } = this.options;
    if (performance.now() > this.deadline) {
      throw new WarmContainerBusyError(marks.name, why);
    }
    await setTimeout(PAUSE_MS, undefined, { signal });
  }
}
