import { z } from "zod";
import { posix } from "node:path";
import { isImageReference } from "../image/isImageReference";
import { buildSection } from "./buildSection";
import { parsePortRequest } from "./parsePortRequest";
import { scalar, text, variableName } from "./slipwayValues";

const command = z
  .union([text, z.array(z.string()).min(1, "must name a program")])
  .describe("An array runs as it is; a string runs through /bin/sh -c.");

const port = z
  .union([z.int(), z.string()])
  .superRefine((value, context) => {
    const parsed = parsePortRequest(value);
    if ("problem" in parsed) {
      context.addIssue({ code: "custom", message: parsed.problem });
    }
  })
  .describe('A container port (Slipway finds a free host port), or "8080:80", or "127.0.0.1:8080:80".');

/** Below these the engine makes files of its own, and would make them in the workspace. */
const SYSTEM_FOLDERS = ["/proc", "/sys", "/dev", "/etc", "/bin", "/lib", "/sbin", "/usr/bin"];

function isMountTarget(path: string): boolean {
  const normal = posix.normalize(path).replace(/(?<=.)\/$/, "");
  return (
    path.startsWith("/") && normal !== "/" && !SYSTEM_FOLDERS.includes(normal) && !/^\/(?:proc|sys|dev)\//.test(normal)
  );
}

/** Names as useradd allows them, and numbers. */
function isUser(user: string | number): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?(?::[A-Za-z0-9_][A-Za-z0-9_.-]*\$?)?$/.test(String(user));
}

/** What one host can give only once; undefined where the engine finds a free port. */
function hostPortOf(value: string | number): string | undefined {
  const parsed = parsePortRequest(value);
  return "problem" in parsed || parsed.hostPort === undefined
    ? undefined
    : `host port ${String(parsed.hostPort)}/${parsed.protocol} of ${parsed.hostIp}`;
}

const run = z
  .strictObject({
    env: z.record(variableName, scalar).optional().describe("Environment variables in the container."),
    ports: z
      .array(port)
      .superRefine((ports, context) => {
        const taken = ports.map(hostPortOf);
        taken.forEach((key, index) => {
          if (key !== undefined && taken.indexOf(key) < index) {
            context.addIssue({ code: "custom", message: `${key} is there twice`, path: [index] });
          }
        });
      })
      .optional()
      .describe("Ports to reach from this machine; on 127.0.0.1 unless said otherwise."),
    workspaceFolder: z
      .string()
      .refine(
        isMountTarget,
        "must be an absolute path in the container, such as /workspace, and none of the system's own",
      )
      .optional()
      .describe("Where this folder is mounted in the container. Default: /workspace."),
    user: z
      .union([text, z.int().nonnegative()])
      .refine(isUser, 'must be "host", the name or number of a user, or "user:group"')
      .optional()
      .describe(
        'Who runs the program: "host" for yourself, so that files made in this folder are yours; a name or number of a user; "user:group". Default: whom the image says.',
      ),
  })
  .describe("How containers run.");

const task = z
  .union([
    z.strictObject({ command }),
    z.strictObject({
      steps: z
        .array(z.strictObject({ name: text.optional(), command }))
        .length(1, "must have exactly one step for now"),
    }),
  ])
  .describe("A command to run in the container.");

/** The shape of slipway.json. schemas/slipway.schema.json is made from it. */
export const slipwayFile = z.strictObject({
  $schema: z.string().optional(),
  build: buildSection.optional(),
  image: z
    .string()
    .refine(isImageReference, 'is not the name of an image. Write it in lower case, like "node:20".')
    .optional()
    .describe("An image to use as it is, instead of building one."),
  run: run.optional(),
  setup: z.array(command).max(0, "must be empty for now: set-up steps come in a later version").optional(),
  tasks: z.record(text, task).optional().describe("What can be run, by name."),
});

export type SlipwayFile = z.infer<typeof slipwayFile>;
