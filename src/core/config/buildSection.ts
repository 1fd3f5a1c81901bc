import { z } from "zod";
import { isImageReference } from "../image/isImageReference";
import { CA_SECRET } from "../network/addNetwork";
import { MOUNT_ID } from "./mountId";
import { parseSshSource } from "./parseSshSource";
import { readCacheReference } from "./readCacheReference";
import { hostAddress, hostName, labelName, networkName, scalar, text, variableName } from "./slipwayValues";

const tag = z
  .string()
  .refine(
    (name) => isImageReference(name) && !name.includes("@"),
    'is not a name for an image. Write it in lower case and without a digest, like "my-app:dev".',
  )
  // With "localhost/" before it, it is the very name that an image has by its fingerprint.
  .refine(
    (name) => !/^(?:localhost\/)?slipway\//.test(name),
    "is one of the names that Slipway gives images itself. Write one that does not begin with slipway/.",
  );

const mountId = z.string().regex(MOUNT_ID, "must be letters, digits, dots, hyphens and underscores");

const secret = z
  .strictObject({
    id: mountId
      .refine((id) => id !== CA_SECRET, "is Slipway's own ID for certificates. Choose another one.")
      .describe("What the Dockerfile calls it: RUN --mount=type=secret,id=…"),
    env: z
      .string()
      .regex(/^[^=]+$/, "must be the name of an environment variable")
      .optional()
      .describe("The environment variable that has the value, where VS Code or slipway runs."),
    file: text
      .optional()
      .describe("The file that has the value, relative to this folder; ~/ is your own folder. At most 500 KB."),
  })
  .refine(({ env, file }) => (env === undefined) !== (file === undefined), 'must have either "env" or "file"')
  .meta({ oneOf: [{ required: ["env"] }, { required: ["file"] }] });

const ssh = z
  .string()
  .refine(
    (source) => parseSshSource(source) !== undefined,
    'must be "default", or an ID with the path of a key or of an agent\'s socket, such as "default=~/.ssh/id_ed25519"',
  );

const cacheFrom = z
  .string()
  .refine(
    (source) => readCacheReference(source, "from") !== undefined,
    'is not the name of an image, which is where engines take cached layers from. Write it like "registry.example.com/app:cache".',
  );
const cacheTo = z
  .string()
  .refine(
    (target) => readCacheReference(target, "to") !== undefined,
    'must be "inline", or the name of an image, like "registry.example.com/app-cache"',
  );

/** Tells of each entry whose ID one before it has. */
function uniqueIds<T>(idOf: (entry: T) => string | undefined): z.core.CheckFn<readonly T[]> {
  return ({ value, issues }) => {
    const ids = value.map(idOf);
    ids.forEach((id, index) => {
      if (id !== undefined && ids.indexOf(id) < index) {
        issues.push({ code: "custom", message: `the ID "${id}" is there twice`, path: [index], input: value });
      }
    });
  };
}

/** What slipway.json has under "build". Options of the command line are held to the same rules. */
export const buildSection = z
  .strictObject({
    dockerfile: text
      .optional()
      .describe("The Dockerfile, relative to this folder. Default: Dockerfile or Containerfile."),
    context: text
      .optional()
      .describe("The folder that COPY and ADD take from, relative to this folder. Default: this folder."),
    target: text.optional().describe("The stage to build. Default: the last one."),
    platform: z
      .string()
      .regex(/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/, 'must look like "linux/amd64"')
      .optional()
      .describe('For example "linux/amd64". Default: the engine\'s own.'),
    args: z
      .record(variableName, scalar)
      .optional()
      .describe('Build arguments (ARG in the Dockerfile). Never put secrets here: see "secrets".'),
    labels: z.record(labelName, scalar).optional().describe("Labels that the image gets, besides Slipway's own."),
    tag: tag
      .optional()
      .describe('A name that the image gets besides the one that Slipway gives it, such as "my-app:dev".'),
    pull: z
      .enum(["missing", "always", "never"], 'must be "missing", "always" or "never"')
      .optional()
      .describe(
        'When base images are pulled: "missing" where they are not there, "always" to ask the registry each time, "never". Default: the setting slipway.pull.',
      ),
    noCache: z
      .boolean()
      .optional()
      .describe(
        "Whenever the image is built, build every step anew, on base images that are pulled first. Default: the setting slipway.noCache.",
      ),
    secrets: z
      .array(secret)
      .check(uniqueIds(({ id }) => id))
      .optional()
      .describe(
        "Secrets that steps can read while they run (RUN --mount=type=secret,id=…). They never become part of the image.",
      ),
    ssh: z
      .array(ssh.meta({ examples: ["default"] }))
      .check(uniqueIds((source) => parseSshSource(source)?.id))
      .optional()
      .describe(
        'Keys that steps can use (RUN --mount=type=ssh): "default" for your ssh agent, or "ID=PATH" for an agent\'s socket or a private key.',
      ),
    network: networkName
      .optional()
      .describe('The network of RUN: "default", "none", "host" or, where the builder has it, the name of a network.'),
    extraHosts: z
      .record(hostName, hostAddress)
      .optional()
      .describe('Addresses of more hosts for RUN, by name; "host-gateway" is this machine, where the engine has that.'),
    cacheFrom: z
      .array(cacheFrom)
      .optional()
      .describe("Images whose layers the builder may use instead of running a step."),
    cacheTo: z
      .array(cacheTo.meta({ examples: ["inline"] }))
      .optional()
      .describe('Where layers are kept for others: "inline" puts what is needed for that into the image.'),
  })
  .describe("How the image is built.");

export type BuildSection = z.infer<typeof buildSection>;
