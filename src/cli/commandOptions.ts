import { parseArgs } from "node:util";
import { messageOf } from "../core/errors/ExpectedError";
import { BUILD_FLAGS, type BuildFlagValues } from "./buildFlags";
import { RUN_FLAGS, type RunFlagValues } from "./runFlags";
import { UsageError } from "./UsageError";

const flag = { type: "boolean" } as const;
const value = { type: "string" } as const;
const values = { ...value, multiple: true } as const;
const help = { ...flag, short: "h" } as const;
const all = { ...flag, short: "a" } as const;
const task = { ...value, short: "t" } as const;

const engine = { workspace: { ...value, short: "w" }, engine: value, json: flag, help } as const;
const common = { ...engine, file: { ...value, short: "f" } } as const;
const network = { "extra-ca": values, "propagate-proxy": flag } as const;
const inputs = { ...common, ...network, ...BUILD_FLAGS } as const;
const image = { ...inputs, "force-rebuild": flag, "no-cache": flag } as const;
const container = {
  ...image,
  ...RUN_FLAGS,
  task,
  "selinux-relabel": value,
  "allow-mount": values,
  fresh: flag,
} as const;

/** What each command takes, for node:util's parseArgs. */
export const OPTIONS = {
  run: {
    ...container,
    keep: flag,
    rm: flag,
    retry: flag,
    interactive: { ...flag, short: "i" },
    pause: flag,
  },
  shell: container,
  discard: { ...engine, task },
  build: image,
  status: { ...inputs, explain: flag },
  fingerprint: inputs,
  images: inputs,
  gc: { ...inputs, keep: value, "dry-run": flag, all },
  ps: common,
  logs: { ...engine, follow: { ...flag, short: "f" }, tail: { ...value, short: "n" }, since: value },
  stats: { ...engine, follow: { ...flag, short: "f" } },
  inspect: engine,
  cp: engine,
  start: engine,
  stop: { ...engine, time: value },
  restart: { ...engine, time: value },
  rm: { ...common, all },
  engines: { ...common, all },
} as const;

/** In the order in which they are listed for people. */
export const COMMANDS = Object.keys(OPTIONS) as readonly (keyof typeof OPTIONS)[];

/** What parseArgs makes of the options of all commands. */
export interface OptionValues extends BuildFlagValues, RunFlagValues {
  readonly workspace?: string;
  readonly engine?: string;
  readonly file?: string;
  readonly json?: boolean;
  readonly help?: boolean;
  readonly task?: string;
  readonly keep?: boolean | string;
  readonly rm?: boolean;
  readonly retry?: boolean;
  readonly fresh?: boolean;
  readonly interactive?: boolean;
  readonly pause?: boolean;
  readonly "dry-run"?: boolean;
  readonly "selinux-relabel"?: string;
  readonly "allow-mount"?: string[];
  readonly all?: boolean;
  readonly explain?: boolean;
  readonly follow?: boolean;
  readonly tail?: string;
  readonly since?: string;
  readonly time?: string;
  readonly "force-rebuild"?: boolean;
  readonly "no-cache"?: boolean;
  readonly "extra-ca"?: string[];
  readonly "propagate-proxy"?: boolean;
}

export interface ParsedOptions {
  readonly values: OptionValues;
  readonly positionals: readonly string[];
}

/** Reads the options of a command, none of which says yet whether it makes sense. Throws UsageError. */
export function parseOptions(name: keyof typeof OPTIONS, args: readonly string[]): ParsedOptions {
  try {
    // The options of each command are some of those in OptionValues.
    return parseArgs({ args: [...args], options: OPTIONS[name], allowPositionals: true }) as ParsedOptions;
  } catch (error) {
    const said = messageOf(error).replace(/\. To specify a positional.*$/s, ".");
    const ambiguous = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument is ambiguous/.exec(said)?.[1];
    const message = ambiguous === undefined ? said : `A value that begins with "-" is written as ${ambiguous}=VALUE.`;
    throw new UsageError(message, { cause: error });
  }
}
