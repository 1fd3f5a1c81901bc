import { randomUUID } from "node:crypto";
import { z } from "zod";
import { EngineLostError, EngineRequestError } from "../../core/errors/engineErrors";
import { ImageBuildError, ImageNotFoundError } from "../../core/errors/imageErrors";
import { isImageReference } from "../../core/image/isImageReference";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import type {
  BuildImageOptions,
  CallOptions,
  PullImageOptions,
  PushImageOptions,
} from "../../core/ports/ContainerEngine";
import type { ImageDetails, ImageSummary, Labels } from "../../core/ports/ContainerTypes";
import type { BuildEnvironment } from "../build/BuildEnvironment";
import { buildOverApi } from "../build/buildOverApi";
import { chooseBuilder } from "../build/chooseBuilder";
import type { RegistryCredentials } from "../credentials/RegistryCredentials";
import { pullOverApi } from "../pullOverApi";
import { pushOverApi } from "../pushOverApi";
import { parseImageDetails } from "../shapes/imageDetails";
import { parseImageSummary } from "../shapes/imageSummary";
import { splitTag } from "../splitTag";
import { toNoSpaceError } from "../toNoSpaceError";
import { carriesLabels, labelFilters } from "./carriesLabels";
import type { EngineClient } from "./EngineClient";
import { pause } from "./pause";

const LIST_ATTEMPTS = 4;
const LIST_PAUSE_MS = 30;

/** The part of ContainerEngine that is about images. */
export class ImageCalls {
  constructor(
    private readonly client: EngineClient,
    private readonly credentials: RegistryCredentials,
    private readonly environment: BuildEnvironment,
  ) {}

  async inspect(reference: string, { signal }: CallOptions): Promise<ImageDetails | undefined> {
    signal?.throwIfAborted();
    if (!isImageReference(reference)) {
      return undefined;
    }
    return this.client.callOr(
      {
        during: `looking for the image ${reference}`,
        signal,
        action: async (abortSignal): Promise<ImageDetails | undefined> =>
          parseImageDetails(await this.client.docker.getImage(reference).inspect({ abortSignal } as object)),
      },
      (refusal) => {
        if (refusal.status === 404) {
          return undefined;
        }
        throw refusal;
      },
    );
  }

  /** Podman 4 says 500 when an image vanishes while it looks at all of them: then it is worth asking again. */
  async list(options: CallOptions & { readonly labels: Labels }): Promise<readonly ImageSummary[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.listOnce(options);
      } catch (error) {
        if (!(error instanceof EngineRequestError && error.status === 500) || attempt === LIST_ATTEMPTS) {
          throw error;
        }
        await pause(LIST_PAUSE_MS * attempt, options.signal);
      }
    }
  }

  private async listOnce({
    labels,
    signal,
  }: CallOptions & { readonly labels: Labels }): Promise<readonly ImageSummary[]> {
    return this.client.call({
      during: "listing images",
      signal,
      action: async (abortSignal) => {
        const filters = labelFilters(labels);
        const answer: unknown = await this.client.docker.listImages({ filters, abortSignal });
        return z
          .array(z.unknown())
          .parse(answer)
          .map(parseImageSummary)
          .filter((image) => carriesLabels(image.labels, labels))
          .sort((a, b) => b.created - a.created);
      },
    });
  }

  async *pull(options: PullImageOptions): AsyncGenerator<BuildEvent> {
    await this.client.askVersion(options.signal);
    const pulled = yield* pullOverApi(this.client.connection, options, this.credentials);
    // An engine that is being shut down ends the answer as if it were complete.
    for (const name of new Set([pulled, options.reference])) {
      if ((await this.inspect(name, options)) === undefined) {
        throw new EngineLostError(this.client.name, `pulling ${options.reference}`);
      }
    }
  }

  async *push(options: PushImageOptions): AsyncGenerator<BuildEvent> {
    await this.client.askVersion(options.signal);
    yield* pushOverApi(this.client.connection, options, this.credentials);
  }

  async *build(options: BuildImageOptions): AsyncGenerator<BuildEvent> {
    // The engine's kind decides how it is asked, and a session with one that has none would only be refused.
    const info = await this.client.askVersion(options.signal);
    const { client, environment, credentials } = this;
    const { connection, name } = client;
    const builder = chooseBuilder(info, environment);
    try {
      yield* buildOverApi({
        ...options,
        ...{ connection, credentials, environment, builder, version: info.version, buildId: randomUUID() },
      });
    } catch (error) {
      throw buildFailure(error, name);
    }
  }

  /** A name that is no image's is refused here: Docker 28 would take it, and nothing could remove it. */
  async tag(reference: string, name: string, { signal }: CallOptions): Promise<void> {
    const during = `tagging ${reference} as ${name}`;
    if (!isImageReference(name) || name.includes("@")) {
      throw new EngineRequestError(400, during, `${name} is not the name of an image`);
    }
    if (!isImageReference(reference)) {
      throw new ImageNotFoundError(reference, "this is not the name of an image");
    }
    const { name: repo, tag = "latest" } = splitTag(name);
    await this.client.callOr(
      {
        during,
        signal,
        action: async (abortSignal): Promise<unknown> =>
          this.client.docker.getImage(reference).tag({ repo, tag, abortSignal }),
      },
      (refusal) => {
        throw refusal.status === 404 ? new ImageNotFoundError(reference, refusal.detail) : refusal;
      },
    );
  }

  async remove(reference: string, { signal }: CallOptions): Promise<"removed" | "not-found" | "in-use"> {
    signal?.throwIfAborted();
    if (!isImageReference(reference)) {
      return "not-found";
    }
    return this.client.callOr(
      {
        during: `removing the image ${reference}`,
        signal,
        deadlineMs: this.client.deadlines.longMs,
        action: async (abortSignal): Promise<"removed" | "not-found" | "in-use"> => {
          await (this.client.docker.getImage(reference).remove({ abortSignal }) as Promise<unknown>);
          return "removed";
        },
      },
      (refusal) => {
        switch (refusal.status) {
          case 404:
            return "not-found";
          case 409:
            return "in-use";
          // Podman 4 says so of an image that a container uses, and all engines of anything that goes wrong.
          case 500:
            return this.whyKept(reference, { refusal, signal });
          default:
            throw refusal;
        }
      },
    );
  }
  /** Rejects with the refusal where nothing is seen that would keep an image. */
  private async whyKept(
    reference: string,
    { refusal, signal }: CallOptions & { readonly refusal: EngineRequestError },
  ): Promise<"not-found" | "in-use"> {
    const image = await this.inspect(reference, { signal });
    if (image === undefined) {
      return "not-found";
    }
    // By its ID, an image goes only with its last name.
    const byId = image.id.replace("sha256:", "").startsWith(reference.replace("sha256:", ""));
    const hasOtherNames = byId && image.references.length > 1;
    if (hasOtherNames || (await this.isUsed(image.id, signal))) {
      return "in-use";
    }
    throw refusal;
  }

  private async isUsed(id: string, signal: AbortSignal | undefined): Promise<boolean> {
    return this.client.call({
      during: "looking for containers of the image",
      signal,
      action: async (abortSignal) => {
        const filters = JSON.stringify({ ancestor: [id] });
        return (await this.client.docker.listContainers({ all: true, filters, abortSignal })).length > 0;
      },
    });
  }
}

/** What a step has written is not the engine's word for what is wrong with itself. */
function buildFailure(error: unknown, engine: string): unknown {
  const detail =
    error instanceof EngineRequestError
      ? error.detail
      : error instanceof ImageBuildError && error.failure.exitCode === undefined
        ? error.failure.detail
        : "";
  return toNoSpaceError(engine, "building the image", detail) ?? error;
}
