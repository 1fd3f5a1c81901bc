import { countOf } from "../showText";
import { ExpectedError } from "./ExpectedError";

/** Something of this machine cannot be copied into a container. */
export class CopyInError extends ExpectedError {
  readonly code = "copy-in";

  constructor(
    /** Relative to the workspace, or as it was asked for. */
    readonly path: string,
    /** What is wrong and what to do: whole sentences. */
    readonly detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`${path} cannot be copied into the container: ${detail}`, options);
  }
}

/** Something cannot be copied out of a container. */
export class CopyOutError extends ExpectedError {
  readonly code = "copy-out";

  constructor(
    /** A path or a pattern in the container, as it was asked for. */
    readonly path: string,
    /** What is wrong and what to do: whole sentences. */
    readonly detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`${path} cannot be copied out of the container: ${detail}`, options);
  }
}

/** What is to be copied out of a container is more than it may be. Nothing was copied. */
export class CopyLimitError extends ExpectedError {
  readonly code = "copy-limit";

  constructor(
    /** As it was asked for. */
    readonly path: string,
    readonly limit: "maxSize" | "maxEntries",
    readonly value: number,
  ) {
    const what = limit === "maxSize" ? countOf(value, "byte") : countOf(value, "file or folder", "files and folders");
    super(
      `${path} in the container is more than ${what}, and nothing of it was copied. Copy less of it (a narrower path), or ` +
        `raise "${limit}" of this entry of copyOut in slipway.json.`,
    );
  }
}

/** A user or a group that the container does not have. */
export class ContainerUserError extends ExpectedError {
  readonly code = "container-user";

  constructor(
    readonly container: string,
    readonly user: string,
    detail: string,
  ) {
    super(
      `The container ${container} has no user "${user}": ${detail}. Correct "user" in slipway.json, or make the user in the image.`,
    );
  }
}
