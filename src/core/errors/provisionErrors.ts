import { ExpectedError } from "./ExpectedError";

/** Something that is to be put on the image is not there, cannot be read, or has no place in the image. */
export class ResourceError extends ExpectedError {
  readonly code = "resource";

  constructor(
    /** The resource's source, as it was asked for. */
    readonly source: string,
    /** What is wrong and what to do: whole sentences. */
    readonly detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`${source} cannot be put on the image: ${detail}`, options);
  }
}

/** The engine could not make the layer with the resources. */
export class ProvisionError extends ExpectedError {
  readonly code = "provision";

  constructor(
    /** The image that the layer was to be put on. */
    readonly baseImage: string,
    /** What is wrong: without a full stop. */
    readonly detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(
      `The resources of slipway.json could not be put on ${baseImage}: ${detail.trim().replace(/\.$/, "")}. Mend that, then try again.`,
      options,
    );
  }
}
