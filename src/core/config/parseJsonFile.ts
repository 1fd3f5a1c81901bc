import type { z } from "zod";
import type { ConfigurationProblem } from "../errors/configurationErrors";
import { JsonFile } from "./JsonFile";
import { problemsOfIssue } from "./problemsOfIssue";

export type JsonFileResult<T> =
  | { readonly kind: "valid"; readonly value: T }
  | { readonly kind: "invalid"; readonly problems: readonly ConfigurationProblem[] };

export interface ParseJsonOptions<S, T> {
  readonly text: string;
  /** Only for the problems. */
  readonly path: string;
  readonly schema: z.ZodType<S>;
  /** Makes a value ready for the schema; without, it is taken as it is. */
  readonly prepare?: ((value: unknown) => unknown) | undefined;
  /** What else there is to say of a file that the schema takes, and what is made of it. */
  readonly read: (
    value: S,
    file: JsonFile,
  ) => { readonly value: T; readonly problems: readonly ConfigurationProblem[] };
}

/** Reads JSON with comments and trailing commas. Every mistake is told, in the order of the file. */
export function parseJsonFile<S, T>(options: ParseJsonOptions<S, T>): JsonFileResult<T> {
  try {
    return parse(options);
  } catch (error) {
    if (error instanceof RangeError) {
      const message = "nested too deeply to be read";
      return { kind: "invalid", problems: [{ path: options.path, line: 1, column: 1, message }] };
    }
    throw error;
  }
}

function parse<S, T>({ text, path, schema, prepare, read }: ParseJsonOptions<S, T>): JsonFileResult<T> {
  const file = new JsonFile(text, path);
  if (!file.isJson) {
    return { kind: "invalid", problems: file.problems };
  }
  const parsed = schema.safeParse(prepare === undefined ? file.value : prepare(file.value));
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => problemsOfIssue(issue, file));
    return { kind: "invalid", problems: inOrder([...file.problems, ...problems]) };
  }
  const result = read(parsed.data, file);
  const problems = inOrder([...file.problems, ...result.problems]);
  return problems.length === 0 ? { kind: "valid", value: result.value } : { kind: "invalid", problems };
}

function inOrder(problems: readonly ConfigurationProblem[]): readonly ConfigurationProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}
