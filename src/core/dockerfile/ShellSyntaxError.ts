/** A word whose quotes or `${}` do not add up. It knows no line: whoever knows where the word stands adds it. */
export class ShellSyntaxError extends Error {
  override readonly name = "ShellSyntaxError";
}
