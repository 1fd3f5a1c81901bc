import { createHash } from "node:crypto";
import type { SharedEntry, SharedFolder } from "./SharedFolder";

/** What the Dockerfile is called in the folder that is shared for it alone, wherever it lies on disk. */
export const DOCKERFILE_NAME = "Dockerfile";

/**
 * The folder from which BuildKit reads the Dockerfile. Beside it lies an ignore file that ignores nothing: BuildKit
 * takes it before the context's own .dockerignore (dockerui.Client of moby/buildkit), which Slipway has applied
 * already and which is so nothing but a file of the context. (Docker 20.10 asks for that one all the same, and then does
 * not use it.)
 */
export function dockerfileFolder(content: Uint8Array): SharedFolder {
  return [
    textFile(DOCKERFILE_NAME, content),
    textFile(`${DOCKERFILE_NAME}.dockerignore`, Buffer.from("# Slipway sends what the .dockerignore leaves.\n")),
  ];
}

function textFile(path: string, content: Uint8Array): SharedEntry {
  return {
    stat: { path, mode: 0o644, size: content.length, modTime: timeFor(content), linkname: "" },
    async *content() {
      await Promise.resolve();
      yield content;
    },
  };
}

/** BuildKit takes a file of the same size and time for the same, so another content gets another time. */
function timeFor(content: Uint8Array): bigint {
  return createHash("sha256").update(content).digest().readBigUInt64BE() >> 4n;
}
