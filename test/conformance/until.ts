import { setTimeout } from "node:timers/promises";

/** Resolves once the condition holds; rejects when it does not hold within some seconds. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error("It has not come true.");
    }
    await setTimeout(50);
  }
}
