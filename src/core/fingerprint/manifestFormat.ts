import { z } from "zod";
import { TimeSlices } from "../TimeSlices";
import type { BuildInput } from "./BuildInput";

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
const LINES_AT_ONCE = 512;

/**
 * A manifest as pieces of text: a line that says how many inputs there are, then each input on a line of its own, so
 * that neither writing nor reading many of them has to be done at one go.
 */
export function* encodeManifest(inputs: readonly BuildInput[]): Generator<string> {
  yield `${JSON.stringify({ version: 2, count: inputs.length })}\n`;
  for (let start = 0; start < inputs.length; start += LINES_AT_ONCE) {
    yield inputs
      .slice(start, start + LINES_AT_ONCE)
      .map((input) => `${JSON.stringify(input)}\n`)
      .join("");
  }
}

/** Rejects for whatever is no whole manifest. Of many inputs, it reads a few at a time. */
export async function decodeManifest(manifest: string): Promise<readonly BuildInput[]> {
  const headEnd = manifest.indexOf("\n");
  if (headEnd < 0) {
    return firstShape.parse(JSON.parse(manifest)).inputs;
  }
  const { count } = headShape.parse(JSON.parse(manifest.slice(0, headEnd)));
  const slices = new TimeSlices();
  const inputs: BuildInput[] = [];
  let start = headEnd + 1;
  for (let end = manifest.indexOf("\n", start); end >= 0; end = manifest.indexOf("\n", start)) {
    const pause = slices.pause();
    if (pause !== undefined) {
      await pause;
    }
    inputs.push(inputShape.parse(JSON.parse(manifest.slice(start, end))));
    start = end + 1;
  }
  if (inputs.length !== count || start !== manifest.length) {
    throw new Error("the manifest is cut off");
  }
  return inputs;
}
