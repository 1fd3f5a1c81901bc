import { createHash } from "node:crypto";
import type { Dockerfile, Instruction } from "../dockerfile/Dockerfile";
import { stageSources } from "../dockerfile/stageSources";
import type { Source, Stage } from "../dockerfile/Stage";
import { isKnownFrontend } from "./isKnownFrontend";

export interface DockerfileDigestOptions {
  readonly content: Uint8Array;
  readonly syntax: Dockerfile;
  /** All of them. */
  readonly stages: readonly Stage[];
  /** Those that have a part in what is built. */
  readonly built: readonly Stage[];
  /** The build arguments, one of which can name a frontend. */
  readonly args: Readonly<Record<string, string>>;
}

/**
 * SHA-256, in lower-case hexadecimal, over what of a Dockerfile can change the image: the lines, as they stand there, of
 * the instructions of the stages that are built and of those before the first FROM, the directives, and which stage each
 * name or number leads to. Comments between instructions and stages that nothing needs have no part in it. Where another
 * frontend than Docker's own reads the file, all of its bytes count.
 */
export function dockerfileDigest({ content, syntax, stages, built, args }: DockerfileDigestOptions): string {
  const hash = createHash("sha256");
  const { directives, instructions } = syntax;
  if (!isKnownFrontend(args["BUILDKIT_SYNTAX"] ?? directives.syntax)) {
    return hash.update(content).digest("hex");
  }
  // One character for each byte: what is not UTF-8 must not look like something else that is not, either.
  const lines = Buffer.from(content).toString("latin1").split("\n");
  const textOf = ({ startLine, endLine }: Instruction): string => lines.slice(startLine - 1, endLine).join("\n");
  const placeOf = (source: Source): unknown =>
    source.kind === "stage" ? built.findIndex(({ index }) => index === source.index) : source;
  const firstStage = instructions.findIndex(({ keyword }) => keyword === "FROM");
  const froms = instructions.filter(({ keyword }) => keyword === "FROM");
  hash.update(
    JSON.stringify([
      directives.syntax ?? null,
      directives.escape,
      directives.check ?? null,
      instructions.slice(0, firstStage).map(textOf),
      built.map((stage) => {
        const from = froms[stage.index];
        const all = from === undefined ? stage.instructions : [from, ...stage.instructions];
        const sources = [stage.base, ...stageSources(stage, stages).map(({ source }) => source)];
        return [sources.map(placeOf), all.map(textOf)];
      }),
    ]),
  );
  return hash.digest("hex");
}
