import { messageOf } from "../../errors/ExpectedError";
import type { ContainerEngine } from "../../ports/ContainerEngine";
import { ContainerMarks, type Mark } from "./ContainerMarks";
import { exclusively } from "./exclusively";
import { removalCommand } from "./removalCommand";

export interface DiscardOptions {
  readonly engine: ContainerEngine;
  readonly cacheFolder: string;
  readonly container: { readonly id: string; readonly name: string };
}

/**
 * Removes a warm container, also one that was kept since its task failed; at once, or when whoever uses it has released
 * it. Never rejects.
 *
 * @returns problems, for people.
 */
export async function discardContainer(options: DiscardOptions): Promise<readonly string[]> {
  const { engine, cacheFolder, container } = options;
  const marks = new ContainerMarks(cacheFolder, container.name);
  await forget(marks, ({ kind, id }) => kind === "kept" && id === container.id);
  await marks.put("discard", { id: container.id });
  return (await removeIfDiscarded({ engine, marks, container })).problems;
}

export async function forget(marks: ContainerMarks, which: (mark: Mark) => boolean): Promise<void> {
  await Promise.all((await marks.read()).filter(which).map(async (mark) => marks.drop(mark)));
}

export interface RemoveIfDiscardedOptions extends Pick<DiscardOptions, "engine" | "container"> {
  readonly marks: ContainerMarks;
}

/**
 * Removes a container that is to go, unless somebody uses it: then that one does so at the end. Never rejects.
 *
 * @returns whether it is gone, and problems, for people.
 */
export async function removeIfDiscarded(
  options: RemoveIfDiscardedOptions,
): Promise<{ readonly removed: boolean; readonly problems: readonly string[] }> {
  const { engine, marks, container } = options;
  const { id, name } = container;
  const has = (present: readonly Mark[], kind: Mark["kind"]): boolean =>
    present.some((mark) => mark.kind === kind && mark.id === id);
  try {
    // Where nothing can be written down, nobody else can have said anything against it.
    const isToStay = (present: readonly Mark[]): boolean =>
      has(present, "kept") || (!has(present, "discard") && marks.problem === undefined);
    const removed =
      !isToStay(await marks.read()) &&
      (await exclusively({ marks, unless: isToStay }, async () => engine.removeContainer(id)));
    if (removed) {
      await marks.sweep();
    }
    return { removed, problems: [] };
  } catch (error) {
    const message = `The container ${name} could not be removed (${messageOf(error)}).`;
    return { removed: false, problems: [`${message} ${await removalCommand(engine, name)}`] };
  }
}
