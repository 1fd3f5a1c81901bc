import type { BuildLine } from "./build/buildLine";

/**
 * The name or the ID of the image that a pull is over with, if this line of its answer were the last one. Docker's last word
 * is "Status: …" (but for a warning about the platform). Podman's is "Download complete" with the image's ID; both say the
 * same of each part before, so that of an answer that is cut off the ID is none of an image that the engine has.
 *
 * @param reference what was asked for.
 */
export function pulledImage({ id, status = "" }: BuildLine, reference: string): string | undefined {
  if (status.startsWith("Status: ")) {
    return reference;
  }
  return status === "Download complete" ? id : undefined;
}
