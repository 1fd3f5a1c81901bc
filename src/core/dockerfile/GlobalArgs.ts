import type { EscapeCharacter, Instruction } from "./Dockerfile";
import { DockerfileSyntaxError } from "./DockerfileSyntaxError";
import { expandVariables, type KnownText } from "./expandVariables";
import { declaredArgs } from "./nameValues";
import { UNSET, type VariableLookup } from "./VariableLookup";

/** Set by BuildKit without an ARG, to values that depend on the builder. */
export const PREDEFINED: ReadonlySet<string> = new Set([
  "BUILDPLATFORM",
  "BUILDOS",
  "BUILDOSVERSION",
  "BUILDARCH",
  "BUILDVARIANT",
  "TARGETPLATFORM",
  "TARGETOS",
  "TARGETOSVERSION",
  "TARGETARCH",
  "TARGETVARIANT",
  "TARGETSTAGE",
]);

/** The variables that FROM can use: the predefined ones, and every ARG before the first FROM. */
export class GlobalArgs {
  /** Undefined for a value that is not known. */
  readonly #values = new Map<string, string | undefined>();
  readonly #given: ReadonlyMap<string, string>;
  readonly #escape: EscapeCharacter;

  /** @param given the build arguments, which take precedence over what the Dockerfile says */
  constructor(given: Readonly<Record<string, string>>, escape: EscapeCharacter) {
    this.#given = new Map(Object.entries(given));
    this.#escape = escape;
    for (const name of PREDEFINED) {
      this.#values.set(name, this.#given.get(name));
    }
  }

  /** Takes an ARG into account; one without a value leaves its variable as it is. */
  declare(instruction: Instruction): void {
    for (const { name, value } of declaredArgs(instruction, this.#escape)) {
      const given = this.#given.get(name);
      if (given !== undefined) {
        this.#values.set(name, given);
      } else if (value !== undefined) {
        const expanded = this.expand(value, instruction.startLine);
        this.#values.set(name, expanded.kind === "known" ? expanded.text : undefined);
      }
    }
  }

  /** What a variable is worth to FROM, and to a stage that declares it again without a default. */
  readonly valueOf: VariableLookup = (name) => (this.#values.has(name) ? this.#values.get(name) : UNSET);

  /** @throws DockerfileSyntaxError if the builder would refuse the word */
  expand(word: string, line: number): KnownText {
    const expansion = expandVariables(word, this.valueOf, this.#escape);
    if (expansion.kind === "invalid") {
      throw new DockerfileSyntaxError(line, `"${word}": ${expansion.message}`);
    }
    return expansion;
  }
}
