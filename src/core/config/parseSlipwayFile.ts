import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from "jsonc-parser";
import type { z } from "zod";
import type { ConfigurationProblem } from "../errors/configurationErrors";
import { slipwayFile, type SlipwayFile } from "./slipwayFile";

export type SlipwayFileResult =
  | { readonly kind: "valid"; readonly value: SlipwayFile }
  | { readonly kind: "invalid"; readonly problems: readonly ConfigurationProblem[] };

/**
 * Reads slipway.json's text: JSON with comments and trailing commas, where an empty file is valid.
 *
 * @param path only for the problems.
 */
export function parseSlipwayFile(text: string, path: string): SlipwayFileResult {
  // Editors do not count the byte order mark as a column.
  const content = text.replace(/^\uFEFF/, "");
  try {
    return parseContent(content, path);
  } catch (error) {
    if (error instanceof RangeError) {
      return { kind: "invalid", problems: [{ path, line: 1, column: 1, message: "nested too deeply to be read" }] };
    }
    throw error;
  }
}

function parseContent(content: string, path: string): SlipwayFileResult {
  const errors: ParseError[] = [];
  const root = parseTree(content, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const problem = (offset: number, message: string): ConfigurationProblem => ({
    path,
    ...positionAt(content, offset),
    message,
  });
  if (errors.length > 0) {
    return {
      kind: "invalid",
      problems: errors.map(({ offset, error }) =>
        problem(offset, `not valid JSON: ${inWords(printParseErrorCode(error))}`),
      ),
    };
  }
  const duplicates = root === undefined ? [] : duplicateKeys(root);
  const unusable = root === undefined ? [] : unusableNames(root);
  const parsed = slipwayFile.safeParse(root === undefined ? {} : (getNodeValue(root) as unknown));
  const both = parsed.success && parsed.data.build !== undefined && parsed.data.image !== undefined;
  const problems = [
    ...duplicates.map((node) => problem(node.offset, `${JSON.stringify(node.value)} is there twice`)),
    ...unusable.map((node) => problem(node.offset, `${JSON.stringify(node.value)} cannot be a name`)),
    ...(parsed.success
      ? []
      : parsed.error.issues.flatMap((issue) => locate(issue, root).map((found) => problem(...found)))),
    ...(both ? [problem(keyOffset(root, ["image"]), 'give either "build" or "image", not both')] : []),
  ];
  return parsed.success && problems.length === 0
    ? { kind: "valid", value: parsed.data }
    : { kind: "invalid", problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** Where an issue is, and what it says; zod's own paths and words are turned into the file's. */
function locate(
  issue: z.core.$ZodIssue,
  root: Node | undefined,
  base: readonly PropertyKey[] = [],
): [number, string][] {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys
        .filter((key) => key !== UNUSABLE_NAME)
        .map((key) => [
          keyOffset(root, [...path, key]),
          `${JSON.stringify(key)} is not known here${path.length === 0 ? "" : ` (in ${displayPath(path)})`}`,
        ]);
    case "invalid_union": {
      // Of the alternatives, the one that came closest says what was meant: the one that knows all the names, and
      // whose problems lie deepest.
      const depth = (issues: readonly z.core.$ZodIssue[]) => Math.max(...issues.map((inner) => inner.path.length));
      const unknown = (issues: readonly z.core.$ZodIssue[]) =>
        issues.filter(({ code }) => code === "unrecognized_keys").length;
      const closest = issue.errors
        .filter((issues) => issues.length > 0)
        .sort((a, b) => unknown(a) - unknown(b) || depth(b) - depth(a))[0];
      const onlyTypes = issue.errors.every((issues) =>
        issues.every(({ code, path: at }) => code === "invalid_type" && at.length === 0),
      );
      return closest === undefined || onlyTypes
        ? [
            [
              valueOffset(root, path),
              `${displayPath(path)} has the wrong type: ${expectedTypes(issue.errors)} is expected`,
            ],
          ]
        : closest.flatMap((inner) => locate(inner, root, path));
    }
    case "invalid_type":
      return [[valueOffset(root, path), `${displayPath(path)} must be ${withArticle(issue.expected)}`]];
    case "invalid_key":
      return [
        [
          keyOffset(root, path),
          `the name ${JSON.stringify(path.at(-1))} ${issue.issues[0]?.message ?? "is not valid"}`,
        ],
      ];
    default:
      return [[valueOffset(root, path), `${displayPath(path)}: ${issue.message}`]];
  }
}

function expectedTypes(alternatives: readonly (readonly z.core.$ZodIssue[])[]): string {
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

function displayPath(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "the file" : path.map(String).join(".");
}

function keysOf(node: Node): Node[] {
  return node.type === "object"
    ? (node.children ?? []).flatMap((property) => property.children?.slice(0, 1) ?? [])
    : [];
}

/** JavaScript objects cannot hold this as a name like any other, and zod passes over it in records. */
const UNUSABLE_NAME = "__proto__";

function unusableNames(node: Node): Node[] {
  return [
    ...keysOf(node).filter(({ value }) => value === UNUSABLE_NAME),
    ...(node.children ?? []).flatMap(unusableNames),
  ];
}

function duplicateKeys(node: Node): Node[] {
  const children = node.children ?? [];
  const keys = keysOf(node);
  const seen = new Set<string>();
  const again = keys.filter((key) => {
    const known = seen.has(String(key.value));
    seen.add(String(key.value));
    return known;
  });
  return [...again, ...children.flatMap(duplicateKeys)];
}

function findNode(root: Node | undefined, path: readonly PropertyKey[]): Node | undefined {
  const segments = path.map((segment) => (typeof segment === "number" ? segment : String(segment)));
  return root === undefined ? undefined : findNodeAtLocation(root, segments);
}

/** Of the value at `path`, or of the closest value around it that exists. */
function valueOffset(root: Node | undefined, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = findNode(root, path.slice(0, length));
    if (node !== undefined) {
      return node.offset;
    }
  }
  return 0;
}

function keyOffset(root: Node | undefined, path: readonly PropertyKey[]): number {
  return findNode(root, path)?.parent?.offset ?? valueOffset(root, path);
}

function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

/** "PropertyNameExpected" as "property name expected". */
function inWords(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}
