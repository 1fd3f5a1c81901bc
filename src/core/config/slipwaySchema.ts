import { z } from "zod";
import { slipwayFile } from "./slipwayFile";

/** The JSON Schema of slipway.json, for editors. */
export function slipwaySchema(): Readonly<Record<string, unknown>> {
  return {
    ...z.toJSONSchema(slipwayFile, { target: "draft-7", io: "input" }),
    title: "slipway.json",
    description: "What Slipway builds and runs in this folder.",
    allowComments: true,
    allowTrailingCommas: true,
  };
}
