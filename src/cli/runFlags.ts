import type { RunSection } from "../core/config/runSection";
import { runSection } from "../core/config/runSection";
import { describeFlagIssue } from "./describeFlagIssue";
import type { Environment } from "./Environment";
import { hostOf, labelOf, record, variableOf } from "./namedValues";
import { durationOf } from "./optionValues";
import { UsageError } from "./UsageError";

const once = { type: "string" } as const;
const several = { type: "string", multiple: true } as const;
const flag = { type: "boolean" } as const;

/**
 * The options that say how the container runs, for node:util's parseArgs. They are named as docker names them; where that
 * name says how the image is built, or is taken, "run-" stands before it.
 */
export const RUN_FLAGS = {
  env: { ...several, short: "e" },
  "env-file": several,
  publish: { ...several, short: "p" },
  volume: { ...several, short: "v" },
  mount: several,
  user: { ...once, short: "u" },
  workdir: once,
  memory: { ...once, short: "m" },
  cpus: once,
  "pids-limit": once,
  gpus: once,
  init: flag,
  privileged: flag,
  "cap-add": several,
  "cap-drop": several,
  "security-opt": several,
  "read-only": flag,
  "run-workspace": once,
  "run-network": once,
  "run-add-host": several,
  "run-label": several,
  "keep-warm": once,
  timeout: once,
} as const;

type ValueOf<F> = F extends { readonly type: "boolean" }
  ? boolean
  : F extends { readonly multiple: true }
    ? string[]
    : string;

/** What parseArgs makes of them. */
export type RunFlagValues = { readonly [K in keyof typeof RUN_FLAGS]?: ValueOf<(typeof RUN_FLAGS)[K]> | undefined };

/** The same as the command line says, in the words of slipway.json. */
export interface RunFlags {
  readonly section: RunSection;
  /** Where steps run that name no folder themselves. */
  readonly workingDirectory?: string | undefined;
  /** How long a step may take that has no limit of its own, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

const FLAG_OF: Readonly<Partial<Record<keyof RunSection, keyof typeof RUN_FLAGS>>> = {
  env: "env",
  envFile: "env-file",
  ports: "publish",
  mounts: "mount",
  user: "user",
  memory: "memory",
  cpus: "cpus",
  pids: "pids-limit",
  gpus: "gpus",
  init: "init",
  privileged: "privileged",
  capAdd: "cap-add",
  capDrop: "cap-drop",
  securityOpt: "security-opt",
  readOnlyRoot: "read-only",
  workspace: "run-workspace",
  network: "run-network",
  extraHosts: "run-add-host",
  labels: "run-label",
  keepWarm: "keep-warm",
};

/**
 * Checks the options by slipway.json's own rules. Throws UsageError.
 *
 * @param env has the values of variables that are given by name only; one that is not set there is left out.
 */
export function parseRunFlags(values: RunFlagValues, env: Environment): RunFlags {
  const { workdir, timeout, volume, mount } = values;
  const hosts = values["run-add-host"];
  const labels = values["run-label"];
  const given: Readonly<Record<string, unknown>> = {
    env: values.env && record(values.env.flatMap((text) => variableOf(text, env))),
    envFile: values["env-file"],
    ports: values.publish,
    mounts: volume === undefined && mount === undefined ? undefined : [...(volume ?? []), ...(mount ?? [])],
    user: values.user,
    memory: values.memory,
    cpus: values.cpus === undefined ? undefined : numberOf("--cpus", values.cpus),
    pids: values["pids-limit"] === undefined ? undefined : numberOf("--pids-limit", values["pids-limit"]),
    gpus: values.gpus === "all" ? "required" : values.gpus,
    init: values.init,
    privileged: values.privileged,
    capAdd: values["cap-add"],
    capDrop: values["cap-drop"],
    securityOpt: values["security-opt"],
    readOnlyRoot: values["read-only"],
    workspace: values["run-workspace"],
    network: values["run-network"],
    extraHosts: hosts && record(hosts.map((text) => hostOf("--run-add-host", text))),
    labels: labels && record(labels.map(labelOf)),
    keepWarm: values["keep-warm"],
  };
  if (workdir?.startsWith("/") === false) {
    throw new UsageError(`--workdir "${workdir}": must be an absolute path in the container.`);
  }
  const parsed = runSection.safeParse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
  if (!parsed.success) {
    const flagOf = (key: string): string => `--${FLAG_OF[key as keyof RunSection] ?? key}`;
    // The value of a variable may be secret.
    const shown = { values: given, flagOf, hidden: ["env"] };
    throw new UsageError(parsed.error.issues.map((issue) => describeFlagIssue(issue, shown)).join(" "));
  }
  return {
    section: parsed.data,
    ...(workdir === undefined ? {} : { workingDirectory: workdir }),
    ...(timeout === undefined ? {} : { timeoutMs: timeoutOf(timeout) }),
  };
}

function timeoutOf(value: string): number {
  const ms = durationOf("--timeout", value);
  if (ms === 0) {
    throw new UsageError('--timeout "0" leaves no time; without it there is no limit.');
  }
  return ms;
}

function numberOf(flagName: string, value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) {
    throw new UsageError(`${flagName} wants a number, not "${value}".`);
  }
  return number;
}
