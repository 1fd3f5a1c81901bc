import { EngineLostError, EngineRequestError } from "../../core/errors/engineErrors";
import { ImageBuildError } from "../../core/errors/imageErrors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import type { BuildImageOptions } from "../../core/ports/ContainerEngine";
import type { EngineConnection, Query } from "../EngineConnection";
import { readJsonLines } from "../stream/readJsonLines";
import { loginRefusal } from "./loginRefusal";
import type { NamedImage } from "./namedImages";
import type { Warnings } from "../Warnings";

export interface BuildRequest {
  /** What this builder needs besides commonQuery. */
  readonly query: Query;
  /** The Dockerfile's name, as the builder sees it. */
  readonly dockerfile: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tar?: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal | undefined;
  readonly read: (lines: AsyncIterable<unknown>) => AsyncIterable<BuildEvent>;
  readonly images: readonly NamedImage[];
  readonly warnings: Warnings;
}

/** POST /build. The last event is the image. */
export async function* requestBuild(
  options: BuildImageOptions & { readonly connection: EngineConnection },
  request: BuildRequest,
): AsyncGenerator<BuildEvent> {
  const { connection } = options;
  const { query, dockerfile, headers, tar, signal, read, images, warnings } = request;
  let image: string | undefined;
  try {
    const lines = await connection.stream({
      method: "POST",
      path: "/build",
      query: { ...commonQuery(options, dockerfile), ...query },
      headers: { ...headers, ...(tar === undefined ? {} : { "Content-Type": "application/x-tar" }) },
      ...(tar === undefined ? {} : { body: tar }),
      during: "building the image",
      signal,
    });
    for await (const event of read(readJsonLines(lines))) {
      image = event.type === "image" ? event.imageId : image;
      yield* warnings.take();
      yield event;
    }
  } catch (error) {
    yield* warnings.take();
    if (error instanceof EngineRequestError) {
      const failure = { step: undefined, exitCode: undefined, output: "", detail: error.detail };
      throw loginRefusal(failure, images) ?? new ImageBuildError(failure);
    }
    throw (error instanceof ImageBuildError ? loginRefusal(error.failure, images) : undefined) ?? error;
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
