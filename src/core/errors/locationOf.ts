import {
  DockerfileError,
  ImageBuildError,
  ImageNotFoundError,
  ImagePullError,
  PullForbiddenError,
  RegistryAuthError,
} from "./imageErrors";

/** Where in a Dockerfile an error happened: the path as messages name it, the line from 1; undefined where it is none of these. */
export function locationOf(error: unknown): { readonly path: string; readonly line: number } | undefined {
  if (error instanceof ImageBuildError && error.failure.dockerfile !== undefined) {
    return { path: error.failure.dockerfile, line: error.failure.line ?? 1 };
  }
  if (error instanceof DockerfileError && error.problem !== "missing" && error.problem !== "folder") {
    return { path: error.path, line: error.line ?? 1 };
  }
  const isAboutBaseImage =
    error instanceof ImageNotFoundError ||
    error instanceof ImagePullError ||
    error instanceof PullForbiddenError ||
    error instanceof RegistryAuthError;
  return isAboutBaseImage && error.location !== undefined
    ? { path: error.location.dockerfile, line: error.location.line }
    : undefined;
}
