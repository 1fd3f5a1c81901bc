/** What engines pass on of registries that do not have an image, or do not say whether they have it. */
const WORDS: readonly RegExp[] = [
  // Docker 20.10 (500) and Podman 4.3 (a line of an answer 200), at the end; Docker 28.5 and Podman 5.8 beside 404.
  /(?:^|: )manifest unknown(?:: |$)/,
  // A registry that has no such repository.
  /(?:^|: )name unknown(?:: |$)/,
  // Docker of Docker Hub, which says the same of what is not there and of what is not for everybody.
  /\brepository does not exist or may require\b/,
  // Podman of Docker Hub, in the same case.
  /(?:^|: )requested access to the resource is denied$/,
  // The image is there, but for other platforms: Docker, and Podman.
  /\bno matching manifest for \S+ in the manifest list entries\b/,
  /\bno image found in (?:manifest list|image index) for architecture\b/,
  // Docker, of a push of what it does not have.
  /^An image does not exist locally with the tag\b/,
];

/**
 * Whether a refusal says that there is no such image. A status of an engine's own (404) decides; its words are for where it
 * has none (200 stands for a line of an answer, 500 for anything).
 */
export function isMissingImage(status: number, detail: string): boolean {
  return status === 404 || ((status === 200 || status === 500) && WORDS.some((words) => words.test(detail.trim())));
}
