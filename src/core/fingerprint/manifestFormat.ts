import { z } from "zod";
import { TimeSlices } from "../TimeSlices";
import type { BuildInput } from "./BuildInput";
import { differingLines } from "./differingLines";

const text = z.string();
const mode = z.int();
const inputShape: z.ZodType<BuildInput> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("dockerfile"), path: text, sha256: text }),
  z.object({ kind: z.literal("target"), value: text }),
  z.object({ kind: z.literal("platform"), value: text }),
  z.object({ kind: z.literal("arg"), name: text, value: text }),
  z.object({ kind: z.literal("certificates"), sha256: text }),
  z.object({ kind: z.literal("option"), name: text, value: text }),
  z.object({ kind: z.literal("base-image"), reference: text, imageId: text.nullable() }),
  z.object({ kind: z.literal("remote"), url: text }),
  z.object({ kind: z.literal("file"), path: text, mode, size: z.number(), sha256: text }),
  z.object({ kind: z.literal("directory"), path: text, mode }),
  z.object({ kind: z.literal("symlink"), path: text, target: text }),
  z.object({ kind: z.literal("fifo"), path: text, mode }),
]);
/** The whole of a manifest of the first versions of Slipway. */
const firstShape = z.object({ version: z.literal(1), inputs: z.array(inputShape) });
const headShape = z.object({ version: z.literal(2), count: z.int() });

/** Lines that go to the disk together. */
const LINES_AT_ONCE = 4096;

/**
 * Inputs as lines of a manifest, without their ends. Of many, a few are written at a time.
 *
 * @param inputs what else they have, such as the times of entries that are sent, is left out.
 */
export async function manifestLines(inputs: readonly BuildInput[]): Promise<readonly string[]> {
  const slices = new TimeSlices();
  const lines: string[] = [];
  for (const input of inputs) {
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    lines.push(lineOf(input));
  }
  return lines;
}

/** Of the kinds that come in thousands, the same as JSON.stringify, in less time. */
function lineOf(input: BuildInput): string {
  switch (input.kind) {
    case "file": {
      const { path, size, sha256 } = input;
      return `{"kind":"file","path":${JSON.stringify(path)},"mode":${String(input.mode)},"size":${String(size)},"sha256":"${sha256}"}`;
    }
    case "directory":
    case "fifo":
      return `{"kind":"${input.kind}","path":${JSON.stringify(input.path)},"mode":${String(input.mode)}}`;
    case "symlink":
      return JSON.stringify({ kind: input.kind, path: input.path, target: input.target });
    case "dockerfile":
    case "target":
    case "platform":
    case "arg":
    case "certificates":
    case "option":
    case "base-image":
    case "remote":
      return JSON.stringify(input);
  }
}

/**
 * A manifest as pieces of text: a line that says how many inputs there are, then each input on a line of its own, so
 * that neither writing nor reading many of them has to be done at one go.
 */
export function* encodeManifest(lines: readonly string[]): Generator<string> {
  yield `${JSON.stringify({ version: 2, count: lines.length })}\n`;
  for (let start = 0; start < lines.length; start += LINES_AT_ONCE) {
    yield `${lines.slice(start, start + LINES_AT_ONCE).join("\n")}\n`;
  }
}

/** Rejects for whatever is no whole manifest. Of many inputs, it reads a few at a time. */
export async function decodeManifest(manifest: string): Promise<readonly BuildInput[]> {
  return isOfFirstVersions(manifest)
    ? decodeFirst(manifest)
    : parseLines((await differingLines(linesIn(manifest), [])).before);
}

/** The inputs in which two builds differ, each in its own order. */
export interface DifferingInputs {
  readonly before: readonly BuildInput[];
  readonly after: readonly BuildInput[];
}

/**
 * What a manifest has that is not among other lines, and the other way round. Most often nearly all of them are the same,
 * and as lines they are compared in a fraction of the time that it takes to read them. Rejects as decodeManifest does.
 */
export async function differingInputs(manifest: string, lines: readonly string[]): Promise<DifferingInputs> {
  const current = isOfFirstVersions(manifest)
    ? [...encodeManifest(await manifestLines(decodeFirst(manifest)))].join("")
    : manifest;
  const { before, after } = await differingLines(linesIn(current), lines);
  return { before: await parseLines(before), after: await parseLines(after) };
}

/** Those after the first one, which says how many there are. */
function linesIn(manifest: string): string {
  const headEnd = manifest.indexOf("\n") + 1;
  const { count } = headShape.parse(JSON.parse(manifest.slice(0, headEnd)));
  let found = 0;
  for (let end = manifest.indexOf("\n", headEnd); end >= 0; end = manifest.indexOf("\n", end + 1)) {
    found++;
  }
  if (found !== count) {
    throw new Error("the manifest is cut off");
  }
  return manifest.slice(headEnd);
}

async function parseLines(lines: readonly string[]): Promise<readonly BuildInput[]> {
  const slices = new TimeSlices();
  const inputs: BuildInput[] = [];
  for (const line of lines) {
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    inputs.push(inputShape.parse(JSON.parse(line)));
  }
  return inputs;
}

function isOfFirstVersions(manifest: string): boolean {
  return !manifest.includes("\n");
}

function decodeFirst(manifest: string): readonly BuildInput[] {
  return firstShape.parse(JSON.parse(manifest)).inputs;
}
