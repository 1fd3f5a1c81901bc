/** What a fake file system refuses. A program that does not catch it writes it to stderr and ends with 1. */
export class FakeFileError extends Error {
  constructor(
    readonly code: "ENOENT" | "ENOTDIR" | "EROFS" | "EISDIR" | "ELOOP",
    readonly path: string,
  ) {
    super(`${code}: ${path}`);
  }
}
