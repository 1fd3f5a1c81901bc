import { z } from "zod";
import { scalar, text, variableName } from "../slipwayValues";

const words = z.array(z.string());
const command = z.union([z.string(), words]);
/** Several by name are run one after the other. */
const lifecycleCommand = z.union([z.string(), words, z.record(z.string(), command)]);

/** What Slipway reads of a devcontainer.json. Other keys are left for other programs. */
export const devcontainerFile = z.looseObject({
  image: z.string().optional(),
  build: z
    .looseObject({
      dockerfile: text.optional(),
      context: text.optional(),
      args: z.record(variableName, scalar).optional(),
      target: text.optional(),
      cacheFrom: z.union([z.string(), words]).optional(),
      options: words.optional(),
    })
    .optional(),
  dockerFile: text.optional(),
  context: text.optional(),
  containerEnv: z.record(variableName, scalar).optional(),
  remoteEnv: z.record(variableName, z.union([...scalar.options, z.null()])).optional(),
  mounts: z
    .array(
      z.union([z.string(), z.looseObject({ type: z.string(), source: z.string().optional(), target: z.string() })]),
    )
    .optional(),
  workspaceFolder: z.string().optional(),
  workspaceMount: z.string().optional(),
  forwardPorts: z.array(z.union([z.int(), z.string()])).optional(),
  appPort: z.union([z.int(), z.string(), z.array(z.union([z.int(), z.string()]))]).optional(),
  containerUser: text.optional(),
  remoteUser: text.optional(),
  runArgs: words.optional(),
  init: z.boolean().optional(),
  privileged: z.boolean().optional(),
  capAdd: words.optional(),
  securityOpt: words.optional(),
  hostRequirements: z.looseObject({ gpu: z.union([z.boolean(), z.string(), z.looseObject({})]).optional() }).optional(),
  overrideCommand: z.boolean().optional(),
  features: z.record(z.string(), z.unknown()).optional(),
  onCreateCommand: lifecycleCommand.optional(),
  updateContentCommand: lifecycleCommand.optional(),
  postCreateCommand: lifecycleCommand.optional(),
  postStartCommand: lifecycleCommand.optional(),
});

export type DevcontainerFile = z.infer<typeof devcontainerFile>;

/** Keys of the specification, and older ones, that are other programs' business. */
export const OTHERS_KEYS: readonly string[] = [
  "$schema",
  "name",
  "customizations",
  "settings",
  "extensions",
  "devPort",
  "portsAttributes",
  "otherPortsAttributes",
  "overrideFeatureInstallOrder",
  "secrets",
  "shutdownAction",
  "updateRemoteUserUID",
  "userEnvProbe",
  "waitFor",
];
