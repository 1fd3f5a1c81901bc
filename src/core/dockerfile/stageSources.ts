import type { Instruction } from "./Dockerfile";
import { flagValue, mounts } from "./instructionFlags";
import type { Source, Stage } from "./Stage";

/** A place besides the build context that an instruction of a stage takes files from. */
export interface InstructionSource {
  readonly source: Source;
  readonly line: number;
}

/**
 * What the instructions of a stage take files from with `COPY --from` and `RUN --mount=from`. An ONBUILD trigger counts
 * for the stage that declares it, which is more than BuildKit reads there and so never too little.
 */
export function stageSources(stage: Stage, stages: readonly Stage[]): readonly InstructionSource[] {
  return stage.instructions.flatMap((instruction) =>
    sourceNames(instruction.trigger ?? instruction).map((from) => ({
      source: resolveSource(from, stages),
      line: instruction.startLine,
    })),
  );
}

/** What an instruction says in `COPY --from` or `RUN --mount=from`. */
export function sourceNames(instruction: Instruction): readonly string[] {
  switch (instruction.keyword) {
    case "COPY": {
      const from = flagValue(instruction, "from");
      return from === undefined || from === "" ? [] : [from];
    }
    case "RUN":
      return mounts(instruction).flatMap((mount) => {
        const from = mount.get("from");
        return from === undefined || from === "" ? [] : [from];
      });
    default:
      return [];
  }
}

/** A stage by its index or name (of two with the same name, the last), else an image. */
export function resolveSource(text: string, stages: readonly Stage[]): Source {
  if (text.includes("$")) {
    // BuildKit replaces no variables here, but other builders do.
    return { kind: "unknown", text };
  }
  const stage =
    // As Go's strconv.Atoi reads it, which takes a sign.
    (/^[+-]?\d+$/u.test(text) ? stages.find(({ index }) => index === Number(text)) : undefined) ??
    stages.findLast(({ name }) => name === text.toLowerCase());
  if (stage !== undefined) {
    return { kind: "stage", index: stage.index };
  }
  return text === "scratch" ? { kind: "scratch" } : { kind: "image", reference: text };
}
