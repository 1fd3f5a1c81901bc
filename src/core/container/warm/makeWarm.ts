import { ContainerNameInUseError, ContainerNotFoundError, ContainerStartError } from "../../errors/containerErrors";
import { LABEL, warmLabels } from "../../labels";
import type { ContainerDetails } from "../../ports/ContainerTypes";
import { makeContainer } from "../spec/makeContainer";
import type { AcquireOptions } from "./acquireContainer";
import type { ContainerMarks } from "./ContainerMarks";
import { hasShell } from "./hasShell";

export interface MakeWarmOptions extends AcquireOptions {
  readonly marks: ContainerMarks;
  readonly key: string;
  readonly command: readonly string[];
}

export type MadeWarm =
  | { readonly kind: "made"; readonly details: ContainerDetails; readonly warnings: readonly string[] }
  /** Somebody else has made it meanwhile, or has removed this one. */
  | { readonly kind: "again" }
  | { readonly kind: "no-shell" };

/**
 * Makes and starts a warm container. That it is about to is written down before, so that who finds it half made knows
 * whether anybody still works on it.
 */
export async function makeWarm(options: MakeWarmOptions): Promise<MadeWarm> {
  const { engine, workspace, prepared, image, keepWarmMs, session, signal, marks, key, command } = options;
  const { name } = marks;
  const labels = warmLabels({
    ...{ workspace, fingerprint: image.fingerprint, session, name, key },
    keep: keepWarmMs > 0,
  });
  const intent = await marks.put("intent");
  try {
    // What is run every few seconds would keep the container awake for ever.
    const quiet = { ...prepared, spec: { ...prepared.spec, noHealthcheck: true } };
    const made = await makeContainer({
      engine,
      prepared: quiet,
      name,
      command,
      labels,
      stdin: true,
      start: true,
      signal,
    });
    // An init starts well without it, and says so only by its end.
    if (prepared.spec.init === true && (await engine.statPath(made.id, "/bin/sh")) === undefined) {
      await engine.removeContainer(made.id);
      return { kind: "no-shell" };
    }
    const details = await engine.inspectContainer(made.id);
    return details === undefined ? { kind: "again" } : { kind: "made", details, warnings: made.warnings };
  } catch (error) {
    if (error instanceof ContainerNameInUseError || error instanceof ContainerNotFoundError) {
      return { kind: "again" };
    }
    if (error instanceof ContainerStartError) {
      const probe = { engine, image: prepared.spec.image, name, labels: { ...labels, [LABEL.keep]: "false" } };
      if (!(await hasShell(probe))) {
        return { kind: "no-shell" };
      }
    }
    throw error;
  } finally {
    await intent.remove();
  }
}
