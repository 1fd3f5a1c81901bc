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
