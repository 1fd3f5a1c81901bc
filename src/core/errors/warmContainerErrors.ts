import { ExpectedError } from "./ExpectedError";

/** The workspace's own container is there, and yet cannot be had. */
export class WarmContainerBusyError extends ExpectedError {
  readonly code = "warm-container-busy";

  constructor(
    readonly container: string,
    /** "it is being removed" */
    readonly detail: string,
  ) {
    super(
      `The container ${container} cannot be used: ${detail}. Try again; if that does not help, remove it ` +
        `("docker rm -f ${container}" or "podman rm -f ${container}").`,
    );
  }
}
