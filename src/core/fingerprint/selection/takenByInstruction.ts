import type { Instruction } from "../../dockerfile/Dockerfile";
import type { Expansion } from "../../dockerfile/expandVariables";
import { isHeredocMark } from "../../dockerfile/findHeredocs";
import { flagValue, flagValues, mounts } from "../../dockerfile/instructionFlags";
import { operandReadings } from "../../dockerfile/operands";
import { cleanPath } from "../../dockerignore/cleanPath";
import { checkGlobSyntax } from "../../dockerignore/checkGlobSyntax";
import type { ContextSource, SelectionDoubt } from "./ContextSelection";
import { patternReadings } from "./patternReadings";
import { sourcePaths, sourcePathsWithParents } from "./sourcePaths";

/** What an instruction takes from the build context, and why that may be more. */
export interface Taken {
  readonly sources: readonly ContextSource[];
  readonly doubts: readonly SelectionDoubt[];
  /** What ADD fetches from elsewhere: URLs and git repositories, as they are or, where a value is not known, as written. */
  readonly remotes: readonly string[];
}

export interface TakenOptions {
  /** Replaces the variables of a word as they stand at this instruction. */
  readonly expand: (word: string) => Expansion;
  /** To name in the result, from 1. */
  readonly line: number;
}

/** All but `bind`, which is also what a mount without a type is. */
const OTHER_MOUNTS = new Set(["cache", "secret", "ssh", "tmpfs"]);

const NOTHING: Taken = { sources: [], doubts: [], remotes: [] };

const REMOTE = /^(?:https?:\/\/|git:\/\/|ssh:\/\/|git@)/u;

/** @param instruction not ONBUILD, but what it triggers. */
export function takenByInstruction(instruction: Instruction, options: TakenOptions): Taken {
  switch (instruction.keyword) {
    case "ADD":
    case "COPY":
      return takenByCopy(instruction, options);
    case "RUN":
      return takenByMounts(instruction, options);
    default:
      return NOTHING;
  }
}

function takenByCopy(instruction: Instruction, { expand, line }: TakenOptions): Taken {
  if (instruction.keyword === "COPY" && !isFromContext(flagValue(instruction, "from"))) {
    return NOTHING;
  }
  const parents = hasParents(instruction);
  const excludes = parents ? [] : excludesOf(instruction);
  const taken = operandReadings(instruction)
    .flatMap((words) => words.slice(0, -1))
    .map((word): Taken => {
      if (instruction.json === undefined && isHeredocMark(word)) {
        return NOTHING;
      }
      const expansion = expand(word);
      const text = expansion.kind === "known" ? expansion.text : word;
      const remotes = instruction.keyword === "ADD" && REMOTE.test(text) ? [text] : [];
      if (expansion.kind !== "known") {
        return { sources: [], doubts: [{ line, reason: doubtAbout(word, expansion) }], remotes };
      }
      // All else that may be remote is also looked for in the context: there is nothing of that name there.
      if (/^https?:\/\//u.test(expansion.text)) {
        return { ...NOTHING, remotes };
      }
      const found = parents ? sourcePathsWithParents(expansion.text) : sourcePaths(expansion.text);
      const paths = [...new Set(found.flatMap(patternReadings))];
      const sources = paths.map((path) => ({ path, wildcards: /[*?[\\]/u.test(path), parents, excludes, line }));
      return { sources, doubts: [], remotes };
    });
  return joined(taken);
}

function takenByMounts(instruction: Instruction, { expand, line }: TakenOptions): Taken {
  const taken = mounts(instruction)
    .filter((mount) => isFromContext(mount.get("from")) && !OTHER_MOUNTS.has((mount.get("type") ?? "").toLowerCase()))
    .flatMap((mount) => {
      const given = ["source", "src"].flatMap((key) => mount.get(key) ?? []);
      return given.length === 0 ? ["."] : given;
    })
    .map((text): Taken => {
      const expansion = expand(text);
      if (expansion.kind === "unknown") {
        return { ...NOTHING, doubts: [{ line, reason: doubtAbout(text, expansion) }] };
      }
      // BuildKit replaces variables here since 0.9 only.
      const texts = expansion.kind === "known" ? [text, expansion.text] : [text];
      const paths = [...new Set(texts.flatMap(sourcePaths))];
      return {
        sources: paths.map((path) => ({ path, wildcards: false, parents: false, excludes: [], line })),
        doubts: [],
        remotes: [],
      };
    });
  return joined(taken);
}

function joined(taken: readonly Taken[]): Taken {
  return {
    sources: taken.flatMap(({ sources }) => sources),
    doubts: taken.flatMap(({ doubts }) => doubts),
    remotes: taken.flatMap(({ remotes }) => remotes),
  };
}

/** BuildKit replaces no variables in `from`; a builder that does may find that it names nothing. */
function isFromContext(from: string | undefined): boolean {
  return from === undefined || from === "" || from.includes("$");
}

function hasParents({ flags }: Instruction): boolean {
  return flags.some(
    (flag) => flag === "--parents" || (flag.startsWith("--parents=") && !/=(?:0|f|false)$/iu.test(flag)),
  );
}

/** None as soon as it is not certain what they leave out: an exception, a variable, or what the builder would refuse. */
function excludesOf(instruction: Instruction): readonly string[] {
  const excludes = flagValues(instruction, "exclude");
  const certain = excludes.every(
    (pattern) => /^[^!$'"`\\\s][^$'"`\\]*$/u.test(pattern) && checkGlobSyntax(cleanPath(pattern)) === undefined,
  );
  return certain ? excludes : [];
}

function doubtAbout(word: string, expansion: Exclude<Expansion, { readonly kind: "known" }>): string {
  switch (expansion.kind) {
    case "unknown":
      return `only the build can tell the value of ${expansion.unresolved.join(" and ")} in "${word}"`;
    case "invalid":
      return `"${word}" cannot be understood (${expansion.message})`;
  }
}
