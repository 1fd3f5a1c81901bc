import { z } from "zod";
import { isImageReference } from "../image/isImageReference";
import { buildSection } from "./buildSection";
import { runSection } from "./runSection";
import { containerPath, displayName, text } from "./slipwayValues";
import { setupSection, taskSection } from "./taskSection";

const resource = z.strictObject({
  source: text.describe("A file or a folder, relative to this folder; ~/ is your own folder."),
  target: containerPath.describe("Where it is in the image."),
  mode: z
    .string()
    .regex(/^0?[0-7]{3,4}$/, 'must be permissions in octal digits, such as "0755"')
    .optional()
    .describe('Permissions of a file, such as "0755". Default: those of the source.'),
});

/** The shape of slipway.json. schemas/slipway.schema.json is made from it. */
export const slipwayFile = z.strictObject({
  $schema: z.string().optional(),
  build: buildSection.optional(),
  image: z
    .string()
    .refine(isImageReference, 'is not the name of an image. Write it in lower case, like "node:20".')
    .optional()
    .describe("An image to use as it is, instead of building one."),
  resources: z.array(resource).optional().describe("Files that are put on the image as a layer of its own."),
  run: runSection.optional(),
  setup: setupSection.optional(),
  tasks: z.record(displayName, taskSection).optional().describe("What can be run, by name."),
});

export type SlipwayFile = z.infer<typeof slipwayFile>;
