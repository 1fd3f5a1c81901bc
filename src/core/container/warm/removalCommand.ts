import type { ContainerEngine } from "../../ports/ContainerEngine";

/** How to remove a container by hand, as a sentence. Never rejects, and does not wait for an engine that is away. */
export async function removalCommand(engine: ContainerEngine, name: string): Promise<string> {
  const kind = await engine.info().then(
    (info) => info.kind,
    () => undefined,
  );
  const command = kind === undefined ? `docker rm -f ${name}" or "podman rm -f ${name}` : `${kind} rm -f ${name}`;
  return `Remove it with "${command}".`;
}
