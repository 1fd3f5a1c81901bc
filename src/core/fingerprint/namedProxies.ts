import type { Stage } from "../dockerfile/Stage";

const PROXY_NAMES = ["http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"] as const;

/** Whether a builder passes the argument to every RUN, whether an ARG declares it or not. */
export function isProxyName(name: string): boolean {
  return (PROXY_NAMES as readonly string[]).includes(name.toLowerCase());
}

/**
 * The proxies, in lower case, whose names are anywhere in the text of a stage, heredocs included, or of the stages that it
 * is built from, whose SHELL it may have: their values may become part of the image. That a step asks for all variables
 * (`env`) or runs a script that asks for one cannot be seen.
 *
 * @param stages in the order of the Dockerfile
 */
export function namedProxies(stages: readonly Stage[]): ReadonlyMap<Stage, ReadonlySet<string>> {
  const named = new Map<Stage, ReadonlySet<string>>();
  for (const stage of stages) {
    const text = textOf(stage);
    const inherited = basesOf(stage, stages).flatMap((base) => [...(named.get(base) ?? [])]);
    named.set(stage, new Set([...PROXY_NAMES.filter((name) => text.includes(name)), ...inherited]));
  }
  return named;
}

function textOf({ instructions }: Stage): string {
  return instructions
    .flatMap(({ original, heredocs }) => [original, ...heredocs.map(({ content }) => content)])
    .join("\n")
    .toLowerCase();
}

/** All that it can be where that is not known. */
function basesOf({ base, index }: Stage, stages: readonly Stage[]): readonly Stage[] {
  switch (base.kind) {
    case "stage":
      return stages.filter((other) => other.index === base.index);
    case "unknown":
      return stages.filter((other) => other.index < index);
    case "image":
    case "scratch":
      return [];
  }
}
