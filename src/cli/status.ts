import { cacheFolder } from "../core/cacheFolder";
import { explainImage } from "../core/explain/explainImage";
import { formatExplanation, formatState } from "../core/explain/formatExplanation";
import type { ImageDecision } from "../core/image/ImageResolution";
import { checkImage } from "../core/job/resolveImage";
import { networkReader } from "./networkReader";
import { openConfiguration, openEngine } from "./openWorkspace";
import type { CliCommand } from "./CliCommand";
import { writeOut } from "./writeOut";

/**
 * `slipway status`: whether the image is fresh; with --explain, why, item by item. Changes nothing.
 *
 * @returns 0 if the next run would use the image that is there, else 1.
 */
export async function printStatus(
  options: CliCommand & { readonly name: "status" },
  signal: AbortSignal,
): Promise<number> {
  const configuration = await openConfiguration(options);
  const engine = await openEngine(options, signal);
  const image = { engine, configuration, cacheFolder: cacheFolder(), network: networkReader(options), signal };
  if (options.explain) {
    const explanation = await explainImage(image);
    const text = options.json
      ? `${JSON.stringify(explanation)}\n`
      : formatExplanation(explanation, { heading: (title) => `${title}:` });
    await writeOut(process.stdout, text);
    return exitCodeOf(explanation.decision);
  }
  const decision = await checkImage(image);
  await writeOut(process.stdout, `${options.json ? JSON.stringify({ decision }) : formatState({ decision })}\n`);
  return exitCodeOf(decision);
}

function exitCodeOf({ state }: ImageDecision): number {
  switch (state) {
    case "fresh":
    case "given":
      return 0;
    case "stale":
    case "absent":
      return 1;
  }
}
