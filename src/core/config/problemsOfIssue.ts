import type { z } from "zod";
import type { ConfigurationProblem } from "../errors/configurationErrors";
import { UNUSABLE_NAME, type JsonFile, type JsonPath } from "./JsonFile";

/**
 * Where an issue is, and what it says; zod's own paths and words are turned into the file's.
 *
 * @param base leads to what the schema was asked about.
 */
export function problemsOfIssue(issue: z.core.$ZodIssue, file: JsonFile, base: JsonPath = []): ConfigurationProblem[] {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys
        .filter((key) => key !== UNUSABLE_NAME)
        .map((key) =>
          file.problemOfKey(
            [...path, key],
            `${JSON.stringify(key)} is not known here${path.length === 0 ? "" : ` (in ${displayPath(path)})`}`,
          ),
        );
    case "invalid_union": {
      const closest = closestAlternative(issue.errors);
      return closest === undefined
        ? [
            file.problemOfValue(
              path,
              `${displayPath(path)} has the wrong type: ${expectedTypes(issue.errors)} is expected`,
            ),
          ]
        : closest.flatMap((inner) => problemsOfIssue(inner, file, path));
    }
    case "invalid_type":
      return [file.problemOfValue(path, `${displayPath(path)} must be ${withArticle(issue.expected)}`)];
    case "invalid_key":
      return [
        file.problemOfKey(
          path,
          `the name ${JSON.stringify(path.at(-1))} ${issue.issues[0]?.message ?? "is not valid"}`,
        ),
      ];
    default:
      return [file.problemOfValue(path, `${displayPath(path)}: ${issue.message}`)];
  }
}

type Issues = readonly z.core.$ZodIssue[];

/**
 * Of the alternatives whose type it has, the one that came closest says what was meant: the one that knows all the names,
 * and whose problems lie deepest. Undefined where it is of another type altogether.
 */
function closestAlternative(alternatives: readonly Issues[]): Issues | undefined {
  const depth = (issues: Issues) => Math.max(...issues.map((inner) => inner.path.length));
  const unknown = (issues: Issues) => issues.filter(({ code }) => code === "unrecognized_keys").length;
  return alternatives
    .filter((issues) => issues.length > 0)
    .filter((issues) => !issues.some(({ code, path }) => code === "invalid_type" && path.length === 0))
    .sort((a, b) => unknown(a) - unknown(b) || depth(b) - depth(a))[0];
}

function expectedTypes(alternatives: readonly Issues[]): string {
  return [
    ...new Set(
      alternatives
        .flat()
        .map((issue) => (issue.code === "invalid_type" ? withArticle(issue.expected) : "another value")),
    ),
  ].join(" or ");
}

function withArticle(type: string): string {
  const names: Readonly<Record<string, string>> = {
    record: "an object",
    object: "an object",
    array: "an array",
    int: "a whole number",
  };
  return names[type] ?? `a ${type}`;
}

function displayPath(path: JsonPath): string {
  return path.length === 0 ? "the file" : path.map(String).join(".");
}
