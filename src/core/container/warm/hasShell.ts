import { randomBytes } from "node:crypto";
import type { ContainerEngine } from "../../ports/ContainerEngine";
import type { Labels } from "../../ports/ContainerTypes";
import { LABEL } from "../../labels";

export interface HasShellOptions {
  readonly engine: ContainerEngine;
  readonly image: string;
  readonly name: string;
  readonly labels: Labels;
}

/** Whether an image has a /bin/sh, seen in a container that is never started. */
export async function hasShell({ engine, image, name, labels }: HasShellOptions): Promise<boolean> {
  const own = `${name}-${randomBytes(4).toString("hex")}`;
  const id = await engine.createContainer({
    ...{ image, name: own, command: ["/bin/sh"], workingDirectory: undefined, env: {}, mounts: [], ports: [] },
    labels: { ...labels, [LABEL.name]: own, [LABEL.kind]: "task", [LABEL.keep]: "false" },
  });
  try {
    return (await engine.statPath(id, "/bin/sh")) !== undefined;
  } finally {
    await engine.removeContainer(id);
  }
}
