import { isIP } from "node:net";
import { z } from "zod";
import { checkGlobSyntax } from "../dockerignore/checkGlobSyntax";
import { checkedBy } from "./checkedBy";
import { isFilePath } from "./containerPath";
import { isInnerPath } from "./isInnerPath";
import { parseDuration, parseTimeout } from "./parseDuration";

/** Values that several parts of slipway.json have. */
export const text = z.string().min(1, "must not be empty");

/** Becomes a text. */
export const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Of an environment variable or a build argument. */
export const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be letters, digits and underscores, and not start with a digit");

/** Of a task or a step: it stands in lines of text. */
export const displayName = text.refine((name) => !/\p{Cc}/u.test(name), "must have no control characters");

export const environment = z.record(variableName, scalar);

export const labelName = text
  .refine((name) => !/[=\p{Cc}]/u.test(name), 'must have no "=" and no control characters')
  .regex(/^(?!dev\.slipway)/, "must not begin with dev.slipway: those labels are Slipway's own");

export const hostName = z
  .string()
  .regex(
    /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/,
    "must be the name of a host: letters, digits, dots and hyphens",
  );

export const hostAddress = z
  .string()
  .refine(
    (address) => isIP(address) !== 0 || address === "host-gateway",
    'must be an IP address, such as 10.0.0.5, or "host-gateway" for this machine',
  );

export const networkName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'must be "default", "none", "host" or the name of a network')
  .meta({ examples: ["default", "none", "host"] });

/** Names as useradd allows them, and numbers. */
export const user = z
  .union([text, z.int().nonnegative()])
  .refine(
    (name) => /^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?(?::[A-Za-z0-9_][A-Za-z0-9_.-]*\$?)?$/.test(String(name)),
    'must be "host", the name or number of a user, or "user:group"',
  )
  .meta({ examples: ["host"] });

export const command = z
  .union([
    text,
    z
      .array(z.string())
      .refine(([program = ""]) => program !== "", "must name a program")
      .meta({ minItems: 1 }),
  ])
  .describe("An array runs as it is; a string runs through /bin/sh -c.");

export const duration = z
  .union([z.string(), z.number()])
  .superRefine(checkedBy(parseDuration))
  .meta({ examples: ["10m"] });

export const timeout = z
  .union([z.string(), z.number()])
  .superRefine(checkedBy(parseTimeout))
  .meta({ examples: ["10m"] });

/** Of files: absolute. */
export const containerPath = z
  .string()
  .refine(isFilePath, "must be an absolute path in the container, such as /opt/tools, and neither / nor the kernel's");

/** Of a folder where a program runs: absolute, or relative to the workspace's folder. */
export const workingFolder = text.refine((path) => !/\p{Cc}/u.test(path), "must have no control characters");

/** Of files: absolute, or relative to the workspace's folder in the container. */
export const stepPath = text.refine(
  (path) => (path.startsWith("/") ? isFilePath(path) : !/\p{Cc}/u.test(path)),
  "must be a path in the container, absolute or relative to run.workspaceFolder, and neither / nor the kernel's",
);

/** Of this machine, where it is to stay in the workspace. */
export const innerPath = text.refine(isInnerPath, 'must be a path in this folder, relative to it and with "/"');

export const innerPattern = innerPath.superRefine((pattern, context) => {
  const problem = checkGlobSyntax(pattern);
  if (problem !== undefined) {
    context.addIssue({ code: "custom", message: `is not a pattern: ${problem}` });
  }
});
