import { once } from "node:events";

/** Writes, and waits where the reader is slower than the container: output does not gather in memory. */
export async function writeOut(stream: NodeJS.WriteStream, content: string | Uint8Array): Promise<void> {
  if (!stream.write(content) && !stream.destroyed) {
    // Rejects when the stream fails.
    await once(stream, "drain");
  }
}
