/** The character that escapes others and continues lines; `# escape=` chooses it. */
export type EscapeCharacter = "\\" | "`";

/** What the comments at the top of a Dockerfile set. */
export interface Directives {
  /** The image of the frontend that reads the Dockerfile, without what may follow it in the line. */
  readonly syntax?: string;
  readonly escape: EscapeCharacter;
  readonly check?: string;
}

/** A document that follows its instruction, such as the lines between `RUN <<EOF` and `EOF`. */
export interface Heredoc {
  readonly name: string;
  /** The lines as they stand in the file, tabs and line ends included. */
  readonly content: string;
  /** Whether variables in it are replaced; not so if any part of the name is quoted. */
  readonly expand: boolean;
  /** Whether leading tabs are to be removed (`<<-EOF`). */
  readonly chomp: boolean;
}

export interface Instruction {
  /** In upper case. */
  readonly keyword: string;
  /** The words starting with `--` before the arguments, without their quotes. */
  readonly flags: readonly string[];
  /** The rest of the logical line after the flags: continuation lines joined, comments gone, nothing replaced. */
  readonly args: string;
  /** The arguments in JSON form; for HEALTHCHECK, those of its CMD. */
  readonly json?: readonly string[];
  readonly heredocs: readonly Heredoc[];
  /** The instruction inside ONBUILD. */
  readonly trigger?: Instruction;
  /** Counted from 1. */
  readonly startLine: number;
  /** The last line, that of a heredoc's end included. */
  readonly endLine: number;
  /** The whole logical line. */
  readonly original: string;
}

export interface Dockerfile {
  readonly directives: Directives;
  readonly instructions: readonly Instruction[];
}
