import { KEPT_BY_DEFAULT } from "../core/image/list/planCleanUp";
import { parseBuildFlags } from "./buildFlags";
import type { BuiltImageOptions, CliCommand, CommonOptions, ContainerOptions, ImageOptions } from "./CliCommand";
import { COMMANDS, parseOptions, type OptionValues } from "./commandOptions";
import type { Environment } from "./Environment";
import { parseCopyOperands } from "./parseCopyOperands";
import { parseRunFlags } from "./runFlags";
import { UsageError } from "./UsageError";
import { countOf, graceOf, pastOf, relabelOf } from "./optionValues";

/** What of a command line is left when its command has been read. */
interface Line {
  readonly values: OptionValues;
  readonly positionals: readonly string[];
  /** What follows "--". */
  readonly command: readonly string[] | undefined;
  readonly env: Environment;
}

/**
 * Reads the command line after `slipway`. Throws UsageError.
 *
 * @param env has the values of variables and build arguments that are given by name only.
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
  const { values, positionals } = parseOptions(name, own);
  if (values.help === true) {
    return { name: "help" };
  }
  if (command !== undefined && name !== "run" && name !== "shell") {
    throw new UsageError(`"slipway ${name}" takes no command after "--".`);
  }
  if (command?.length === 0) {
    throw new UsageError('A command must follow "--".');
  }
  return toCommand(name, { values, positionals, command, env });
}

function toCommand(name: (typeof COMMANDS)[number], line: Line): CliCommand {
  const { values, positionals, command } = line;
  switch (name) {
    case "run":
      nothingElse(line, ' Write --task NAME, or put "--" before a command.');
      return runOf(line);
    case "shell":
      if (positionals.length > 1) {
        throw new UsageError(`"slipway shell" takes one container, not "${positionals.join(" ")}".`);
      }
      if (positionals.length === 1 && (values.task !== undefined || values.fresh === true)) {
        throw new UsageError("Name a container, or give --task or --fresh, not both.");
      }
      return { name, ...containerOf(line), task: values.task, command, container: positionals[0] };
    case "discard":
      nothingElse(line);
      return { name, ...commonOf(line), task: values.task };
    case "build":
      nothingElse(line);
      return { name, ...imageOf(line) };
    case "fingerprint":
    case "images":
      nothingElse(line);
      return { name, ...builtOf(line) };
    case "status":
      nothingElse(line);
      return { name, ...builtOf(line), explain: values.explain ?? false };
    case "gc": {
      nothingElse(line);
      const keep = values.keep === undefined ? KEPT_BY_DEFAULT : countOf("--keep", values.keep, "images to keep");
      return { name, ...builtOf(line), keep, dryRun: values["dry-run"] ?? false, all: values.all ?? false };
    }
    case "ps":
      nothingElse(line);
      return { name, ...commonOf(line) };
    case "engines":
      nothingElse(line);
      return { name, ...commonOf(line), all: values.all ?? false };
    case "rm":
      if ((values.all === true) === positionals.length > 0) {
        throw new UsageError("Name the containers to remove, or give --all for all of this workspace's.");
      }
      return { name, ...commonOf(line), containers: positionals, all: values.all ?? false };
    case "stats":
      return { name, ...commonOf(line), containers: positionals, follow: values.follow ?? false };
    case "inspect":
      atLeastOne(name, line);
      return { name, ...commonOf(line), containers: positionals };
    case "start":
    case "stop":
    case "restart":
      atLeastOne(name, line);
      return { name, ...commonOf(line), containers: positionals, graceSeconds: graceOf(values.time) };
    case "logs": {
      const [container, ...others] = positionals;
      if (container === undefined || others.length > 0) {
        throw new UsageError('"slipway logs" wants one container; "slipway ps" lists them.');
      }
      const tail = values.tail === undefined ? undefined : countOf("--tail", values.tail, "lines");
      const since = values.since === undefined ? undefined : pastOf(values.since, Date.now());
      return { name, ...commonOf(line), container, follow: values.follow ?? false, tail, since };
    }
    case "cp":
      return { name, ...commonOf(line), ...parseCopyOperands(positionals) };
  }
}

function runOf(line: Line): CliCommand & { readonly name: "run" } {
  const { values, command } = line;
  if (values.task !== undefined && command !== undefined) {
    throw new UsageError('Give either --task or a command after "--", not both.');
  }
  const { retry = false, fresh = false, rm: remove = false, interactive = false, pause = false } = values;
  const keep = values.keep === true;
  const conflict =
    keep && remove
      ? "--keep or --rm"
      : retry && fresh
        ? "--retry or --fresh"
        : interactive && values.json === true
          ? "--interactive or --json"
          : undefined;
  if (conflict !== undefined) {
    throw new UsageError(`Give either ${conflict}, not both.`);
  }
  if (retry && command !== undefined) {
    throw new UsageError('--retry goes on with a task; a command after "--" is run from its start anyway.');
  }
  return { name: "run", ...containerOf(line), task: values.task, command, keep, remove, retry, interactive, pause };
}

function containerOf(line: Line): ContainerOptions {
  const { values, env } = line;
  return {
    ...imageOf(line),
    run: parseRunFlags(values, env),
    selinuxRelabel: relabelOf(values["selinux-relabel"]),
    allowMount: values["allow-mount"] ?? [],
    fresh: values.fresh ?? false,
  };
}

function imageOf(line: Line): ImageOptions {
  const { values } = line;
  return {
    ...builtOf(line),
    forceRebuild: values["force-rebuild"] ?? false,
    noCache: values["no-cache"] ?? false,
  };
}

function builtOf(line: Line): BuiltImageOptions {
  const { values, env } = line;
  if (values["extra-ca"]?.includes("") === true) {
    throw new UsageError("--extra-ca wants the path of a file.");
  }
  return {
    ...commonOf(line),
    extraCa: values["extra-ca"] ?? [],
    propagateProxy: values["propagate-proxy"] ?? false,
    build: parseBuildFlags(values, env),
  };
}

function commonOf({ values }: Line): CommonOptions {
  const { workspace = ".", engine, json = false, file } = values;
  return { workspace, engine, json, file };
}

function nothingElse({ positionals }: Line, hint = ""): void {
  if (positionals.length > 0) {
    throw new UsageError(`"${positionals.join(" ")}" is not expected.${hint}`);
  }
}

function atLeastOne(name: string, { positionals }: Line): void {
  if (positionals.length === 0) {
    throw new UsageError(`"slipway ${name}" wants the names of containers; "slipway ps" lists them.`);
  }
}
