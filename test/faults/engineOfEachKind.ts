import { isPodman } from "../integration/isPodman";
import { testEngines, type TestEngine } from "../integration/testEngines";

/** The first Docker and the first Podman of those to test on: what takes long and is the same on all of a kind. */
export function engineOfEachKind(): readonly (TestEngine & { readonly kind: "docker" | "podman" })[] {
  const all = testEngines().map((engine) => ({
    ...engine,
    kind: isPodman(engine.address) ? ("podman" as const) : ("docker" as const),
  }));
  return (["docker", "podman"] as const).flatMap((kind) => all.filter((engine) => engine.kind === kind).slice(0, 1));
}

/**
 * These, and the last of the list, which in the farm is the rootless one: for what goes through all of Slipway, and what
 * conformance has shown of each engine already.
 */
export function mainEngines(): readonly TestEngine[] {
  const each = engineOfEachKind();
  const last = testEngines()
    .slice(-1)
    .filter(({ address }) => each.every((engine) => engine.address !== address));
  return [...each, ...last];
}
