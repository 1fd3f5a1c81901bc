import { ContainerPathError } from "../../src/core/errors/containerErrors";
import { abortable } from "./abortable";
import type { FakeContainer } from "./FakeContainer";
import { unpackTree } from "./unpackTree";

export async function copyToTree(
  { id, tree }: FakeContainer,
  folder: string,
  tar: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const place = tree.follow(folder);
  if (tree.get(place)?.kind !== "directory") {
    throw new ContainerPathError(id, folder, "there is no such folder");
  }
  const chunks: Uint8Array[] = [];
  const source = tar[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await abortable(source.next(), signal);
      if (next.done === true) {
        break;
      }
      chunks.push(next.value);
    }
  } finally {
    // Not awaited: it may be waiting for something that never comes.
    void source.return?.();
  }
  await unpackTree(tree, place, Buffer.concat(chunks));
}
