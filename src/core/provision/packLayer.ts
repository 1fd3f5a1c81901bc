import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { CACHE_FOLDER_REMEDY } from "../cacheFolder";
import { messageOf } from "../errors/ExpectedError";
import { ProvisionError, ResourceError } from "../errors/provisionErrors";
import { CopyInError } from "../errors/transferErrors";
import type { BuildContext } from "../ports/BuildContext";
import { packTar, type PackedEntry } from "../transfer/packTar";

const LAYER_FILE = "resources.tar";

export interface PackLayerOptions {
  /** In which the context is made. */
  readonly folder: string;
  readonly entries: Iterable<PackedEntry>;
  /** As it may stand in a Dockerfile. */
  readonly baseImage: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A build's context with nothing in it but a tar, and the Dockerfile that unpacks it on the base image. In a tar, resources of
 * several folders get into one layer, with root as their owner, and links that lead out of a context are no trouble.
 */
export async function packLayer({ folder, entries, baseImage, signal }: PackLayerOptions): Promise<BuildContext> {
  const hash = createHash("sha256");
  let size = 0;
  try {
    await pipeline(
      packTar(entries, { owner: undefined }),
      async function* (tar: AsyncIterable<Uint8Array>) {
        for await (const piece of tar) {
          hash.update(piece);
          size += piece.length;
          yield piece;
        }
      },
      createWriteStream(join(folder, LAYER_FILE), { mode: 0o600 }),
      { signal },
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CopyInError) {
      throw new ResourceError(error.path, error.detail, { cause: error });
    }
    const detail = `they could not be collected in ${folder} (${messageOf(error)}). ${CACHE_FOLDER_REMEDY}`;
    throw new ProvisionError(baseImage, detail, { cause: error });
  }
  const layer = { kind: "file" as const, path: LAYER_FILE, mode: 0o600, size, sha256: hash.digest("hex") };
  return {
    root: folder,
    entries: [layer],
    dockerfile: {
      pathInContext: undefined,
      content: Buffer.from(`FROM ${baseImage}\nADD ${LAYER_FILE} /\n`),
    },
  };
}
