import { randomUUID } from "node:crypto";
import { z } from "zod";
import { EngineLostError, EngineRequestError, ImageNotFoundError } from "../../core/errors";
import { isImageReference } from "../../core/image/isImageReference";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import type {
  BuildImageOptions,
  CallOptions,
  PullImageOptions,
  PushImageOptions,
} from "../../core/ports/ContainerEngine";
import type { ImageDetails, ImageSummary, Labels } from "../../core/ports/ContainerTypes";
import { buildOverApi } from "../build/buildOverApi";
import type { RegistryCredentials } from "../credentials/RegistryCredentials";
import { pullOverApi } from "../pullOverApi";
import { pushOverApi } from "../pushOverApi";
import { parseImageDetails } from "../shapes/imageDetails";
import { parseImageSummary } from "../shapes/imageSummary";
import { carriesLabels, labelFilters } from "./carriesLabels";
import type { EngineClient } from "./EngineClient";

/** The part of ContainerEngine that is about images. */
export class ImageCalls {
  constructor(
    private readonly client: EngineClient,
    private readonly credentials: RegistryCredentials,
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

  async list({ labels, signal }: CallOptions & { readonly labels: Labels }): Promise<readonly ImageSummary[]> {
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
    await this.client.ready(options.signal);
    yield* pullOverApi(this.client.connection, options, this.credentials);
    // An engine that is being shut down ends the answer as if it were complete.
    if ((await this.inspect(options.reference, options)) === undefined) {
      throw new EngineLostError(this.client.name, `pulling ${options.reference}`);
    }
  }

  async *push(options: PushImageOptions): AsyncGenerator<BuildEvent> {
    await this.client.ready(options.signal);
    yield* pushOverApi(this.client.connection, options, this.credentials);
  }

  async *build(options: BuildImageOptions): AsyncGenerator<BuildEvent> {
    const { kind } = await this.client.ready(options.signal);
    yield* buildOverApi({
      ...options,
      connection: this.client.connection,
      credentials: this.credentials,
      kind,
      buildId: randomUUID(),
    });
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
    const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
    const [repo, tag] = colon < 0 ? [name, "latest"] : [name.slice(0, colon), name.slice(colon + 1)];
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
          // Docker says 409; Podman 4 says 500 for an image that a container uses.
          case 409:
          case 500:
            return "in-use";
          default:
            throw refusal;
        }
      },
    );
  }
}
