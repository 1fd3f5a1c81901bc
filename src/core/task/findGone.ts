import { setTimeout } from "node:timers/promises";
import { ContainerGoneError } from "../errors/stepErrors";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import type { StepPlace } from "./TaskEvent";

export interface FindGoneOptions extends CallOptions {
  readonly engine: ContainerEngine;
  readonly container: { readonly id: string; readonly name: string };
  readonly place: StepPlace;
  /** It is known to end, and waited for. */
  readonly expected?: boolean | undefined;
}

/** A container that is removed by force is stopped first, and there for a moment longer. */
const ATTEMPTS = 5;
const PAUSE_MS = 100;

/**
 * Why a step has ended before its time, where all of its container has. Otherwise whether that had to do with memory as
 * far as the engine knows.
 */
export async function findGone(
  options: FindGoneOptions,
): Promise<ContainerGoneError | { readonly outOfMemory: boolean }> {
  const { engine, container, place, expected, signal } = options;
  for (let attempt = 1; ; attempt++) {
    const details = await engine.inspectContainer(container.id, { signal });
    if (details === undefined) {
      return new ContainerGoneError(container.name, place.name, "removed");
    }
    const { running, outOfMemory } = details;
    if (running && (expected !== true || attempt === ATTEMPTS)) {
      return { outOfMemory };
    }
    if (!running && (outOfMemory || attempt === ATTEMPTS)) {
      return new ContainerGoneError(container.name, place.name, outOfMemory ? "out-of-memory" : "stopped");
    }
    await setTimeout(PAUSE_MS, undefined, { signal });
  }
}
