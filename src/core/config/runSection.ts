import { z } from "zod";
import { checkedBy } from "./checkedBy";
import { isMountTarget } from "./containerPath";
import { parsePortRequest } from "./parsePortRequest";
import { parseMemory } from "./parseSize";
import { readMount } from "./readMount";
import {
  duration,
  environment,
  hostAddress,
  hostName,
  labelName,
  networkName,
  scalar,
  text,
  user,
} from "./slipwayValues";

const port = z
  .union([z.int(), z.string()])
  .superRefine(checkedBy(parsePortRequest))
  .describe('A container port (Slipway finds a free host port), or "8080:80", or "127.0.0.1:8080:80".');

/** What one host can give only once; undefined where the engine finds a free port. */
function hostPortOf(value: string | number): string | undefined {
  const parsed = parsePortRequest(value);
  return "problem" in parsed || parsed.hostPort === undefined
    ? undefined
    : `host port ${String(parsed.hostPort)}/${parsed.protocol} of ${parsed.hostIp}`;
}

const mount = z
  .union([
    text,
    z.strictObject({
      type: z
        .enum(["bind", "volume", "tmpfs"], 'must be "bind", "volume" or "tmpfs"')
        .describe("A folder or file of this machine, a volume of the engine, or memory."),
      source: text
        .optional()
        .describe("Of bind: a path, relative to this folder; ~/ is your own folder. Of volume: its name."),
      target: text.describe("Where it is in the container."),
      readOnly: z.boolean().optional(),
      size: text.optional().describe('Of tmpfs: at most so much, such as "64m".'),
    }),
  ])
  .superRefine(checkedBy((value) => readMount(value, { base: "/", home: "/" })))
  .describe('An object, or as the docker CLI takes it: "./data:/data:ro", "cache:/cache", "type=tmpfs,target=/tmp".');

const capability = z
  .string()
  .regex(/^(?:CAP_)?[A-Z][A-Z_]*$/i, 'must be the name of a capability, such as "SYS_PTRACE", or "ALL"');

const securityOption = text.refine(
  (option) => !/^seccomp[=:]/.test(option) || /^seccomp=(?:unconfined$|builtin$|\{)/.test(option),
  'must be "seccomp=unconfined": profiles in files are read by the docker CLI, not by engines',
);

/** What slipway.json has under "run". */
export const runSection = z
  .strictObject({
    workspace: z
      .enum(["bind", "copy", "none"], 'must be "bind", "copy" or "none"')
      .optional()
      .describe(
        "How this folder gets into the container: mounted, copied, or not at all. Default: mounted where the engine is on this machine, else copied.",
      ),
    workspaceFolder: z
      .string()
      .refine(
        isMountTarget,
        "must be an absolute path in the container, such as /workspace, and none of the system's own",
      )
      .optional()
      .describe("Where this folder is in the container, and where steps run. Default: /workspace."),
    user: user
      .optional()
      .describe(
        'Who runs the program: "host" for yourself, so that files made in this folder are yours; a name or number of a user; "user:group". Default: whom the image says.',
      ),
    env: environment.optional().describe("Environment variables in the container."),
    envFile: z
      .union([text, z.array(text)])
      .optional()
      .describe('Files with NAME=value lines, relative to this folder. What "env" says comes before them.'),
    mounts: z.array(mount).optional().describe("What the container finds besides this folder."),
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
    network: networkName
      .optional()
      .describe('"none", "host", "bridge" or the name of a network of the engine. Default: the engine\'s own.'),
    extraHosts: z
      .record(hostName, hostAddress)
      .optional()
      .describe('Addresses of more hosts, by name; "host-gateway" is this machine, where the engine has that.'),
    cpus: z
      .number()
      .min(0.01, "must be 0.01 or more")
      .max(10_000, "must be 10000 or less")
      .optional()
      .describe("At most so many CPUs' time, such as 1.5."),
    memory: z
      .union([z.string(), z.int()])
      .superRefine(checkedBy(parseMemory))
      .meta({ examples: ["2g"] })
      .optional()
      .describe('At most so much memory, such as "2g" or "512m".'),
    pids: z
      .int()
      .min(1, "must be 1 or more")
      .max(4_194_304, "must be 4194304 or less")
      .optional()
      .describe("At most so many processes and threads."),
    gpus: z
      .enum(["optional", "required"], 'must be "optional" or "required"')
      .optional()
      .describe('All GPUs of the engine; "optional" goes on without where it has none.'),
    init: z.boolean().optional().describe("A small init as process 1, of the engine's."),
    privileged: z.boolean().optional().describe("All rights on the engine's machine. Avoid it."),
    capAdd: z.array(capability).optional().describe("Capabilities besides the engine's usual ones."),
    capDrop: z.array(capability).optional().describe("Capabilities that are taken away."),
    securityOpt: z.array(securityOption).optional().describe('Such as "no-new-privileges" or "seccomp=unconfined".'),
    readOnlyRoot: z.boolean().optional().describe("Nothing can be written but in mounts."),
    labels: z.record(labelName, scalar).optional().describe("Labels of the container, besides Slipway's own."),
    entrypoint: z
      .array(z.string())
      .min(1, "must name a program")
      .optional()
      .describe("Stands before the image's own command, instead of the image's own. Steps run without it."),
    keepWarm: duration
      .optional()
      .describe(
        "How long the container goes on when nothing runs in it, so that the next run starts at once: 0 removes it with the run. Default: 10m.",
      ),
  })
  .describe("How containers run.");

export type RunSection = z.infer<typeof runSection>;
