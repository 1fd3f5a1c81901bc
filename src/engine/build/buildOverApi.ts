import { EngineLostError, EngineRequestError, ImageBuildError, ImageNotFoundError } from "../../core/errors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import type { BuildImageOptions } from "../../core/ports/ContainerEngine";
import type { EngineKind } from "../../core/ports/EngineInfo";
import type { EngineConnection, Query } from "../EngineConnection";
import { anonymousAuthService } from "../buildkit/anonymousAuthService";
import { BuildKitSession } from "../buildkit/BuildKitSession";
import { contextFolder } from "../buildkit/contextFolder";
import { DOCKERFILE_NAME, dockerfileFolder } from "../buildkit/dockerfileFolder";
import { fileSyncService } from "../buildkit/fileSyncService";
import { healthService } from "../buildkit/healthService";
import { sharedKey } from "../buildkit/sharedKey";
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

/** POST /build: by BuildKit on Docker, which asks for files in a session; by buildah on Podman, with a tar. */
export async function* buildOverApi(options: BuildOverApiOptions): AsyncGenerator<BuildEvent> {
  switch (options.kind) {
    case "docker":
      yield* buildWithBuildKit(options);
      return;
    case "podman":
      yield* buildWithBuildah(options);
  }
}

async function* buildWithBuildKit(options: BuildOverApiOptions): AsyncGenerator<BuildEvent> {
  const { connection, buildId, context, signal } = options;
  const failure = new AbortController();
  const folder = await contextFolder(context, signal);
  const session = await BuildKitSession.open({
    connection,
    sharedKey: sharedKey(context.root),
    services: [
      healthService(),
      anonymousAuthService(),
      fileSyncService({
        folders: new Map([
          ["dockerfile", dockerfileFolder(context.dockerfile.content)],
          ["context", folder],
        ]),
        onFailure: (error) => {
          failure.abort(error);
        },
      }),
    ],
    signal,
  });
  try {
    yield* readAnswer(options, {
      query: { version: "2", buildid: buildId, remote: "client-session", session: session.id },
      dockerfile: DOCKERFILE_NAME,
      // What goes wrong with a file ends the build, with that as its reason.
      signal: signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]),
      read: readBuildKitBuild,
    });
  } finally {
    await session.close();
  }
}

async function* buildWithBuildah(options: BuildOverApiOptions): AsyncGenerator<BuildEvent> {
  const { buildId, context, signal } = options;
  const { tar, dockerfile } = packContext(context);
  let ended = false;
  try {
    yield* readAnswer(options, {
      query: {
        // Podman would apply the context's .dockerignore once more, by rules of its own. With a list of its own it does
        // not look at the file; the one name in it is the Dockerfile's that is not part of the context.
        excludes: JSON.stringify([EXTRA_DOCKERFILE]),
        extrahosts: JSON.stringify([`${buildahMarker(buildId)}:127.0.0.1`]),
        // Without this, layers of one build are no cache for the next.
        layers: "1",
      },
      dockerfile,
      tar,
      signal,
      read: readBuildahBuild,
    });
    ended = true;
  } catch (error) {
    ended = error instanceof ImageBuildError || error instanceof ImageNotFoundError;
    throw error;
  } finally {
    if (!ended) {
      await stopBuildahStep(buildId);
    }
  }
}

interface BuildRequest {
  /** What this builder needs besides commonQuery. */
  readonly query: Query;
  /** The Dockerfile's name, as the builder sees it. */
  readonly dockerfile: string;
  readonly tar?: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal | undefined;
  readonly read: (lines: AsyncIterable<unknown>) => AsyncIterable<BuildEvent>;
}

async function* readAnswer(options: BuildOverApiOptions, request: BuildRequest): AsyncGenerator<BuildEvent> {
  const { connection } = options;
  const { query, dockerfile, tar, signal, read } = request;
  let image: string | undefined;
  try {
    const lines = await connection.stream({
      method: "POST",
      path: "/build",
      query: { ...commonQuery(options, dockerfile), ...query },
      ...(tar === undefined ? {} : { headers: { "Content-Type": "application/x-tar" }, body: tar }),
      during: "building the image",
      signal,
    });
    for await (const event of read(readJsonLines(lines))) {
      image = event.type === "image" ? event.imageId : image;
      yield event;
    }
  } catch (error) {
    if (error instanceof EngineRequestError) {
      throw new ImageBuildError({ step: undefined, exitCode: undefined, output: "", detail: error.detail });
    }
    throw error;
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
