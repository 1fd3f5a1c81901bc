import { EngineLostError, EngineRequestError, ImageBuildError, ImageNotFoundError } from "../../core/errors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import type { BuildImageOptions } from "../../core/ports/ContainerEngine";
import type { EngineKind } from "../../core/ports/EngineInfo";
import type { EngineConnection, Query } from "../EngineConnection";
import { readJsonLines } from "../stream/readJsonLines";
import { EXTRA_DOCKERFILE, packContext } from "./packContext";
import { readBuildahBuild } from "./readBuildahBuild";
import { readBuildKitBuild } from "./readBuildKitBuild";
import { buildahMarker, stopBuildahStep } from "./stopBuildahStep";

export interface BuildOverApiOptions extends BuildImageOptions {
  readonly connection: EngineConnection;
  readonly kind: EngineKind;
  /** Names this build on this machine. */
  readonly buildId: string;
}

/** POST /build with the context as a tar: by BuildKit on Docker, by buildah on Podman. */
export async function* buildOverApi(options: BuildOverApiOptions): AsyncGenerator<BuildEvent> {
  const { connection, kind, buildId, context, signal } = options;
  const { tar, dockerfile } = packContext(context);
  let ended = false;
  let image: string | undefined;
  try {
    const lines = await connection.stream({
      method: "POST",
      path: "/build",
      query: { ...commonQuery(options, dockerfile), ...engineQuery(kind, buildId) },
      headers: { "Content-Type": "application/x-tar" },
      body: tar,
      during: "building the image",
      signal,
    });
    const values = readJsonLines(lines);
    for await (const event of kind === "docker" ? readBuildKitBuild(values) : readBuildahBuild(values)) {
      image = event.type === "image" ? event.imageId : image;
      yield event;
    }
    ended = true;
  } catch (error) {
    ended = error instanceof ImageBuildError || error instanceof ImageNotFoundError;
    if (error instanceof EngineRequestError) {
      ended = true;
      throw new ImageBuildError({ step: undefined, exitCode: undefined, output: "", detail: error.detail });
    }
    throw error;
  } finally {
    if (!ended && kind === "podman") {
      await stopBuildahStep(buildId);
    }
  }
  if (image === undefined) {
    signal?.throwIfAborted();
    throw new EngineLostError(connection.name, "building the image");
  }
}

function commonQuery(options: BuildImageOptions, dockerfile: string): Query {
  const { tags, labels, args, target, platform, noCache } = options;
  return {
    dockerfile,
    t: tags,
    labels: JSON.stringify(labels),
    buildargs: JSON.stringify(args),
    target,
    platform,
    nocache: noCache === true ? "1" : undefined,
    rm: "1",
    forcerm: "1",
  };
}

function engineQuery(kind: EngineKind, buildId: string): Query {
  switch (kind) {
    case "docker":
      return { version: "2", buildid: buildId };
    case "podman":
      return {
        // Podman would apply the context's .dockerignore once more, by rules of its own. With a list of its own it does
        // not look at the file; the one name in it is the Dockerfile's that is not part of the context.
        excludes: JSON.stringify([EXTRA_DOCKERFILE]),
        extrahosts: JSON.stringify([`${buildahMarker(buildId)}:127.0.0.1`]),
        // Without this, layers of one build are no cache for the next.
        layers: "1",
      };
  }
}
