import { z } from "zod";
import { checkedBy } from "./checkedBy";
import { parseSize } from "./parseSize";
import {
  command,
  displayName,
  environment,
  innerPath,
  innerPattern,
  stepPath,
  timeout,
  user,
  workingFolder,
} from "./slipwayValues";

const stepOptions = {
  env: environment.optional().describe('Environment variables, besides those of "run".'),
  user: user.optional().describe("Who runs it. Default: whom run.user says."),
  workingDirectory: workingFolder
    .optional()
    .describe("Absolute, or relative to run.workspaceFolder, which is the default."),
  timeout: timeout.optional().describe("It is ended, and has failed, when it takes longer."),
};

const stepName = displayName
  .optional()
  .describe("For people, and unique among the steps. Default: the command itself, shortened.");
const continueOnError = z.boolean().optional().describe("Its failure does not end the task, nor make it fail.");

/** Tells of each entry with a name that one before it has. */
function uniqueNames(entries: readonly unknown[], context: z.core.$RefinementCtx): void {
  const names = entries.map((entry) =>
    typeof entry === "object" && entry !== null && "name" in entry ? entry.name : undefined,
  );
  names.forEach((name, index) => {
    if (typeof name === "string" && names.indexOf(name) < index) {
      context.addIssue({ code: "custom", message: `the name "${name}" is there twice`, path: [index, "name"] });
    }
  });
}

const step = z.union([
  ...command.options,
  z.strictObject({
    name: stepName,
    command,
    ...stepOptions,
    continueOnError,
    pause: z.boolean().optional().describe("Waits before it until you say to go on, where you can be asked."),
  }),
]);

const setupStep = z.union([
  ...command.options,
  z.strictObject({
    name: stepName,
    command,
    inputs: z
      .array(innerPattern)
      .min(1, "must have a pattern, or be left out")
      .optional()
      .describe(
        "Patterns of files of this folder. When one of those changes, the set-up is done again in a container that is there.",
      ),
    ...stepOptions,
    continueOnError,
  }),
]);

export const setupSection = z
  .array(setupStep)
  .superRefine(uniqueNames)
  .describe("What runs once in each container, before the first task: commands, or objects with more to say.");

export type SetupSection = z.infer<typeof setupSection>;

const copyIn = z.strictObject({
  source: innerPattern.describe("A file, a folder or a pattern (*, **, ?, […]) in this folder."),
  target: stepPath.describe(
    'Where it goes in the container: a folder, if it ends with "/" or the source is a pattern.',
  ),
});

const copyOut = z.strictObject({
  source: stepPath.describe("A file, a folder or a pattern in the container."),
  target: innerPath.describe('Where it goes in this folder; with "/" at its end, into that folder.'),
  onFailure: z.boolean().optional().describe("Also when the task has failed."),
  maxSize: z
    .union([z.string(), z.int()])
    .superRefine(checkedBy(parseSize))
    .meta({ examples: ["1g"] })
    .optional()
    .describe("Nothing is copied when it is more."),
  maxEntries: z
    .int()
    .min(1, "must be 1 or more")
    .optional()
    .describe("Nothing is copied when there are more files and folders."),
});

export const taskSection = z
  .strictObject({
    command: command.optional(),
    steps: z
      .array(step)
      .min(1, "must have a step")
      .superRefine(uniqueNames)
      .optional()
      .describe("Commands, one after the other; the first that fails ends the task."),
    ...stepOptions,
    copyIn: z.array(copyIn).optional().describe("Files that are put into the container before the steps."),
    copyOut: z.array(copyOut).optional().describe("Files that are taken out of the container after the steps."),
    interactive: z.boolean().optional().describe("Runs in a terminal, where you can type."),
  })
  .refine(
    ({ command, steps }) => (command === undefined) !== (steps === undefined),
    'must have either "command" or "steps"',
  )
  .meta({ oneOf: [{ required: ["command"] }, { required: ["steps"] }] })
  .describe("What is run in the container.");

export type TaskSection = z.infer<typeof taskSection>;
