import type { Stage } from "../dockerfile/Stage";

/** In these, builders replace no variables, or (ONBUILD) not in this build. */
const NOT_EXPANDED = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "SHELL", "ONBUILD", "MAINTAINER"]);

const REFERENCE = /\$\{?([A-Za-z_]\w*)/g;

/**
 * The variables that instructions other than RUN expand, in a stage or in one that is built from it, which inherits its
 * ARGs (in BuildKit, and in Podman since 5). Rather one too many: escaped and quoted ones are among them.
 *
 * @param stages in the order of the Dockerfile
 */
export function expandedNames(stages: readonly Stage[]): ReadonlyMap<Stage, ReadonlySet<string>> {
  const expanded = new Map<Stage, ReadonlySet<string>>();
  for (const stage of stages.toReversed()) {
    const heirs = stages.filter(
      ({ base, index }) =>
        (base.kind === "stage" && base.index === stage.index) || (base.kind === "unknown" && index > stage.index),
    );
    expanded.set(stage, new Set([...expandedIn(stage), ...heirs.flatMap((heir) => [...(expanded.get(heir) ?? [])])]));
  }
  return expanded;
}

function expandedIn({ instructions }: Stage): readonly string[] {
  return instructions
    .filter(({ keyword }) => !NOT_EXPANDED.has(keyword))
    .flatMap(({ original, heredocs }) => [original, ...heredocs.map(({ content }) => content)])
    .flatMap((text) => [...text.matchAll(REFERENCE)].flatMap(([, name]) => name ?? []));
}
