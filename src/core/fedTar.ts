import { pack, type Pack } from "tar-stream";
import { messageOf } from "./errors/ExpectedError";

/**
 * A tar, not compressed, that is made while it is read: `feed` begins with the first read. Rejects with what `feed` does.
 */
export async function* fedTar(feed: (tar: Pack) => Promise<void>): AsyncGenerator<Uint8Array> {
  const tar = pack();
  feed(tar).then(
    () => {
      tar.finalize();
    },
    (error: unknown) => {
      tar.destroy(error instanceof Error ? error : new Error(messageOf(error)));
    },
  );
  yield* tar as AsyncIterable<Uint8Array>;
}
