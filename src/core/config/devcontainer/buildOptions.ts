import type { BuildSection } from "../buildSection";
import { splitArguments, type DockerOption } from "./splitArguments";

/** One option, and what it says in the words of slipway.json; undefined where that has no word for it. */
export interface BuildOption {
  readonly option: DockerOption;
  readonly section: BuildSection | undefined;
}

const SWITCHES = ["no-cache", "pull"];

/** What of build.options, options of `docker build`, has an equivalent. */
export function buildOptions(words: readonly string[]): readonly BuildOption[] {
  return splitArguments(words, SWITCHES).map((option) => ({ option, section: sectionOf(option) }));
}

function sectionOf({ name, value }: DockerOption): BuildSection | undefined {
  if (SWITCHES.includes(name)) {
    const on = value === undefined || value === "true";
    return name === "pull" ? { pull: on ? "always" : "missing" } : { noCache: on };
  }
  const [, key, text] = /^([^=:]+)[=:](.*)$/.exec(value ?? "") ?? [];
  switch (name) {
    case "add-host":
      return key === undefined || text === undefined ? undefined : { extraHosts: { [key]: text } };
    case "build-arg":
      return key === undefined || text === undefined ? undefined : { args: { [key]: text } };
    case "cache-from":
      return value === undefined ? undefined : { cacheFrom: [value] };
    case "network":
      return value === undefined ? undefined : { network: value };
    case "platform":
      return value === undefined ? undefined : { platform: value };
    case "ssh":
      return value === undefined ? undefined : { ssh: [value] };
    case "target":
      return value === undefined ? undefined : { target: value };
    default:
      return undefined;
  }
}
