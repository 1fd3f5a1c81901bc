import { parseArgs } from "node:util";
import { messageOf } from "../core/errors/ExpectedError";
import { KEPT_BY_DEFAULT } from "../core/image/list/planCleanUp";
import { BUILD_FLAGS, parseBuildFlags, type BuildFlags, type BuildFlagValues } from "./buildFlags";
import type { Environment } from "./Environment";
import { UsageError } from "./UsageError";

export interface CommonOptions {
  readonly workspace: string;
  readonly engine: string | undefined;
  readonly json: boolean;
  readonly file: string | undefined;
}

/** What builds and containers are told of the network. */
export interface NetworkFlags {
  /** PEM files with authorities to trust. */
  readonly extraCa: readonly string[];
  /** Whether this process's own proxies count. */
  readonly propagateProxy: boolean;
}

const RELABELS = ["shared", "private"] as const;
type Relabel = (typeof RELABELS)[number];

/** Whose image is meant: how it is built. */
export interface BuiltImageOptions extends CommonOptions, NetworkFlags {
  /** Comes over what slipway.json says. */
  readonly build: BuildFlags;
}

interface ImageOptions extends BuiltImageOptions {
  readonly forceRebuild: boolean;
  readonly noCache: boolean;
}

export type CliCommand =
  | (ImageOptions & {
      readonly name: "run";
      readonly task: string | undefined;
      readonly command: readonly string[] | undefined;
      readonly keep: boolean;
      readonly selinuxRelabel: Relabel | undefined;
    })
  | (ImageOptions & { readonly name: "build" })
  | (BuiltImageOptions & { readonly name: "fingerprint" | "images" })
  | (BuiltImageOptions & { readonly name: "status"; readonly explain: boolean })
  | (BuiltImageOptions & { readonly name: "gc"; readonly keep: number; readonly dryRun: boolean })
  | (CommonOptions & { readonly name: "ps" })
  | (CommonOptions & { readonly name: "engines"; readonly all: boolean })
  | (CommonOptions & { readonly name: "rm"; readonly containers: readonly string[]; readonly all: boolean })
  | { readonly name: "help" | "version" };

const COMMANDS = ["run", "build", "status", "fingerprint", "images", "gc", "ps", "rm", "engines"] as const;

const common = {
  workspace: { type: "string", short: "w" },
  engine: { type: "string" },
  file: { type: "string", short: "f" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;
const network = { "extra-ca": { type: "string", multiple: true }, "propagate-proxy": { type: "boolean" } } as const;
const inputs = { ...network, ...BUILD_FLAGS } as const;
const image = { ...inputs, "force-rebuild": { type: "boolean" }, "no-cache": { type: "boolean" } } as const;
/** What each command takes. */
export const OPTIONS = {
  run: {
    ...common,
    ...image,
    task: { type: "string", short: "t" },
    keep: { type: "boolean" },
    "selinux-relabel": { type: "string" },
  },
  build: { ...common, ...image },
  fingerprint: { ...common, ...inputs },
  images: { ...common, ...inputs },
  status: { ...common, ...inputs, explain: { type: "boolean" } },
  gc: { ...common, ...inputs, keep: { type: "string" }, "dry-run": { type: "boolean" } },
  ps: common,
  engines: { ...common, all: { type: "boolean", short: "a" } },
  rm: { ...common, all: { type: "boolean", short: "a" } },
} as const;

/**
 * Reads the command line after `slipway`. Throws UsageError.
 *
 * @param env has the values of build arguments that are given by name only.
 */
export function parseArguments(args: readonly string[], env: Environment = process.env): CliCommand {
  const [first, ...rest] = args;
  if (first === undefined || first === "help" || first === "--help" || first === "-h") {
    return { name: "help" };
  }
  if (first === "--version" || first === "version") {
    return { name: "version" };
  }
  const name = COMMANDS.find((command) => command === first);
  if (name === undefined) {
    throw new UsageError(`There is no command "${first}"; the commands are: ${COMMANDS.join(", ")}.`);
  }
  // What follows "--" belongs to the command in the container, options included.
  const separator = rest.indexOf("--");
  const own = separator < 0 ? rest : rest.slice(0, separator);
  const command = separator < 0 ? undefined : rest.slice(separator + 1);
  const { values, positionals } = parse(name, own);
  if (values.help === true) {
    return { name: "help" };
  }
  if (command !== undefined && (name !== "run" || command.length === 0)) {
    throw new UsageError(
      name === "run" ? 'A command must follow "--".' : `"slipway ${name}" takes no command after "--".`,
    );
  }
  if (name !== "rm" && positionals.length > 0) {
    const hint = name === "run" ? ' Write --task NAME, or put "--" before a command.' : "";
    throw new UsageError(`"${positionals.join(" ")}" is not expected.${hint}`);
  }
  const shared: CommonOptions = {
    workspace: values.workspace ?? ".",
    engine: values.engine,
    json: values.json ?? false,
    file: values.file,
  };
  if (values["extra-ca"]?.includes("") === true) {
    throw new UsageError("--extra-ca wants the path of a file.");
  }
  const networks: NetworkFlags = {
    extraCa: values["extra-ca"] ?? [],
    propagateProxy: values["propagate-proxy"] ?? false,
  };
  const built: BuiltImageOptions = { ...shared, ...networks, build: parseBuildFlags(values, env) };
  const images: ImageOptions = {
    ...built,
    forceRebuild: values["force-rebuild"] ?? false,
    noCache: values["no-cache"] ?? false,
  };
  switch (name) {
    case "run":
      if (values.task !== undefined && command !== undefined) {
        throw new UsageError('Give either --task or a command after "--", not both.');
      }
      return {
        name,
        ...images,
        task: values.task,
        command,
        keep: values.keep === true,
        selinuxRelabel: relabelOf(values["selinux-relabel"]),
      };
    case "build":
      return { name, ...images };
    case "fingerprint":
    case "images":
      return { name, ...built };
    case "status":
      return { name, ...built, explain: values.explain ?? false };
    case "gc":
      return { name, ...built, keep: keptOf(values.keep), dryRun: values["dry-run"] ?? false };
    case "engines":
      return { name, ...shared, all: values.all ?? false };
    case "rm":
      if ((values.all === true) === positionals.length > 0) {
        throw new UsageError("Name the containers to remove, or give --all for all of this workspace's.");
      }
      return { name, ...shared, containers: positionals, all: values.all ?? false };
    default:
      return { name, ...shared };
  }
}

function relabelOf(value: string | undefined): Relabel | undefined {
  const relabel = RELABELS.find((known) => known === value);
  if (value !== undefined && relabel === undefined) {
    throw new UsageError(`--selinux-relabel is "shared" or "private", not "${value}".`);
  }
  return relabel;
}

function keptOf(value: boolean | string | undefined): number {
  if (value === undefined) {
    return KEPT_BY_DEFAULT;
  }
  if (typeof value !== "string" || !/^\d{1,6}$/.test(value)) {
    throw new UsageError(`--keep wants the number of images to keep, 0 or more, not "${String(value)}".`);
  }
  return Number(value);
}

interface Values extends BuildFlagValues {
  readonly workspace?: string;
  readonly engine?: string;
  readonly file?: string;
  readonly json?: boolean;
  readonly help?: boolean;
  readonly task?: string;
  readonly keep?: boolean | string;
  readonly "dry-run"?: boolean;
  readonly "selinux-relabel"?: string;
  readonly all?: boolean;
  readonly explain?: boolean;
  readonly "force-rebuild"?: boolean;
  readonly "no-cache"?: boolean;
  readonly "extra-ca"?: string[];
  readonly "propagate-proxy"?: boolean;
}

interface Parsed {
  readonly values: Values;
  readonly positionals: readonly string[];
}

function parse(name: keyof typeof OPTIONS, args: readonly string[]): Parsed {
  try {
    // The options of each command are some of those in Values.
    return parseArgs({ args: [...args], options: OPTIONS[name], allowPositionals: true }) as Parsed;
  } catch (error) {
    const said = messageOf(error).replace(/\. To specify a positional.*$/s, ".");
    const ambiguous = /^Option '(--[\w-]+)' argument is ambiguous/.exec(said)?.[1];
    const message = ambiguous === undefined ? said : `A value that begins with "-" is written as ${ambiguous}=VALUE.`;
    throw new UsageError(message, { cause: error });
  }
}
