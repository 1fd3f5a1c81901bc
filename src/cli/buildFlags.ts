import type { z } from "zod";
import { buildSection, type BuildSection } from "../core/config/buildSection";
import type { Environment } from "./Environment";
import { parseSecretFlag } from "./parseSecretFlag";
import { UsageError } from "./UsageError";

const once = { type: "string" } as const;
const several = { type: "string", multiple: true } as const;

/** The options that say how the image is built, for node:util's parseArgs. */
export const BUILD_FLAGS = {
  target: once,
  platform: once,
  "build-arg": several,
  label: several,
  tag: several,
  pull: once,
  secret: several,
  ssh: several,
  network: once,
  "add-host": several,
  "cache-from": several,
  "cache-to": several,
} as const;

/** What parseArgs makes of them. */
export type BuildFlagValues = {
  readonly [K in keyof typeof BUILD_FLAGS]?:
    ((typeof BUILD_FLAGS)[K] extends typeof several ? string[] : string) | undefined;
};

/** The same as the command line says in the words of slipway.json. */
export type BuildFlags = Omit<BuildSection, "dockerfile" | "context" | "noCache">;

const FLAG_OF: Readonly<Record<keyof BuildFlags, keyof typeof BUILD_FLAGS>> = {
  target: "target",
  platform: "platform",
  args: "build-arg",
  labels: "label",
  tag: "tag",
  pull: "pull",
  secrets: "secret",
  ssh: "ssh",
  network: "network",
  extraHosts: "add-host",
  cacheFrom: "cache-from",
  cacheTo: "cache-to",
};

/** The options that were given, such as "--tag", for messages. */
export function namesOf(flags: BuildFlags): readonly string[] {
  return Object.keys(flags).map((key) => `--${FLAG_OF[key as keyof BuildFlags]}`);
}

/**
 * Checks the options by slipway.json's own rules. Throws UsageError.
 *
 * @param env has the values of build arguments that are given by name only; one that is not set there is left out.
 */
export function parseBuildFlags(values: BuildFlagValues, env: Environment): BuildFlags {
  if ((values.tag?.length ?? 0) > 1) {
    throw new UsageError("--tag can be given once.");
  }
  const given: Record<string, unknown> = {
    target: values.target,
    platform: values.platform,
    args: values["build-arg"] && record(values["build-arg"].flatMap((text) => argumentOf(text, env))),
    labels: values.label && record(values.label.map((text) => splitAt(text, "=") ?? [text, ""])),
    tag: values.tag?.[0],
    pull: values.pull,
    secrets: values.secret?.map((text) => parseSecretFlag(text, env)),
    ssh: values.ssh,
    network: values.network,
    extraHosts: values["add-host"] && record(values["add-host"].map(hostOf)),
    cacheFrom: values["cache-from"],
    cacheTo: values["cache-to"],
  };
  const parsed = buildSection.safeParse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
  if (parsed.success) {
    return parsed.data;
  }
  throw new UsageError(parsed.error.issues.map((issue) => describe(issue, given)).join(" "));
}

/** In the words of the command line. */
function describe(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): string {
  const [key, ...path] = issue.path;
  const flag = `--${FLAG_OF[key as keyof BuildFlags]}`;
  const sentence = (about: string, message = "is not valid"): string => `${about} ${message.replace(/\.$/, "")}.`;
  if (issue.code === "invalid_key") {
    return sentence(`${flag}: the name "${String(path.at(-1))}"`, issue.issues[0]?.message);
  }
  if (key === "secrets") {
    // Who writes env=NAME=VALUE has the secret itself in it.
    return sentence(`${flag}:`, issue.message);
  }
  const value = path.reduce<unknown>(
    (at, segment) => (at as Record<PropertyKey, unknown>)[segment],
    given[String(key)],
  );
  return sentence(typeof value === "string" ? `${flag} "${value}":` : `${flag}:`, issue.message);
}

function record(entries: readonly (readonly [string, string])[]): Record<string, string> {
  if (entries.some(([name]) => name === "__proto__")) {
    // Objects cannot hold it as a name like any other, and zod passes over it.
    throw new UsageError('"__proto__" cannot be a name.');
  }
  return Object.fromEntries(entries);
}

/** As for docker: NAME alone has its value from the environment. */
function argumentOf(text: string, env: Environment): readonly (readonly [string, string])[] {
  const pair = splitAt(text, "=");
  if (pair !== undefined || text === "") {
    return [pair ?? ["", ""]];
  }
  const value = Object.hasOwn(env, text) ? env[text] : undefined;
  return value === undefined ? [] : [[text, value]];
}

/** NAME:ADDRESS or NAME=ADDRESS. An address of IPv6 may stand in brackets. */
function hostOf(text: string): readonly [string, string] {
  const [name, address] = splitAt(text, "=") ?? splitAt(text, ":") ?? [];
  if (name === undefined || address === undefined) {
    throw new UsageError(`--add-host wants NAME:ADDRESS, not "${text}".`);
  }
  return [name, address.replace(/^\[(.*)\]$/, "$1")];
}

function splitAt(text: string, separator: string): readonly [string, string] | undefined {
  const at = text.indexOf(separator);
  return at < 0 ? undefined : [text.slice(0, at), text.slice(at + 1)];
}
