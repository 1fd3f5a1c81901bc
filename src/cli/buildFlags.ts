import { buildSection, type BuildSection } from "../core/config/buildSection";
import { describeFlagIssue } from "./describeFlagIssue";
import type { Environment } from "./Environment";
import { hostOf, labelOf, record, variableOf } from "./namedValues";
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
    args: values["build-arg"] && record(values["build-arg"].flatMap((text) => variableOf(text, env))),
    labels: values.label && record(values.label.map(labelOf)),
    tag: values.tag?.[0],
    pull: values.pull,
    secrets: values.secret?.map((text) => parseSecretFlag(text, env)),
    ssh: values.ssh,
    network: values.network,
    extraHosts: values["add-host"] && record(values["add-host"].map((text) => hostOf("--add-host", text))),
    cacheFrom: values["cache-from"],
    cacheTo: values["cache-to"],
  };
  const parsed = buildSection.safeParse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
  if (parsed.success) {
    return parsed.data;
  }
  const flagOf = (key: string): string => `--${FLAG_OF[key as keyof BuildFlags]}`;
  // Who writes env=NAME=VALUE has the secret itself in it.
  const shown = { values: given, flagOf, hidden: ["secrets"] };
  throw new UsageError(parsed.error.issues.map((issue) => describeFlagIssue(issue, shown)).join(" "));
}
