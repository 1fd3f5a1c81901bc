/** A Dockerfile that the builder would refuse. The message says what is wrong; the line (from 1) says where. */
export class DockerfileSyntaxError extends Error {
  override readonly name = "DockerfileSyntaxError";
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}
