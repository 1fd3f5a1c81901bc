import { z } from "zod";

/** Values that several parts of slipway.json have. */
export const text = z.string().min(1, "must not be empty");

/** Becomes a text. */
export const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Of an environment variable or a build argument. */
export const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be letters, digits and underscores, and not start with a digit");
