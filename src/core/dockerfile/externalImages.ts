import type { KnownText } from "./expandVariables";
import type { Source, Stage } from "./Stage";
import { resolveSource, stageSources } from "./stageSources";

/** An image that a build takes files from. */
export interface ExternalImage {
  /** The reference, or what the Dockerfile says if that has a variable with no known value. */
  readonly reference: string;
  /** False if only the build can tell which image (or stage) the reference stands for. */
  readonly known: boolean;
  /** Where it is used first. */
  readonly line: number;
  /** What FROM's `--platform` asks for. */
  readonly platform?: KnownText;
}

/**
 * The images that these stages use through FROM, `COPY --from` and `RUN --mount=from`, each once, in order of use.
 *
 * @param triggered what ONBUILD instructions of base images copy from
 */
export function externalImages(stages: readonly Stage[], triggered: readonly string[] = []): readonly ExternalImage[] {
  const images = new Map<string, ExternalImage>();
  const add = (source: Source, line: number, platform?: KnownText): void => {
    if (source.kind === "image" || source.kind === "unknown") {
      const known = source.kind === "image";
      const reference = known ? source.reference : source.text;
      const key = JSON.stringify([reference, known, platform]);
      if (!images.has(key)) {
        images.set(key, { reference, known, line, ...(platform === undefined ? {} : { platform }) });
      }
    }
  };
  for (const stage of stages) {
    add(stage.base, stage.line, stage.platform);
    for (const { source, line } of stageSources(stage, stages)) {
      add(source, line);
    }
  }
  for (const name of triggered) {
    add(resolveSource(name, stages), stages[0]?.line ?? 1);
  }
  return [...images.values()];
}
