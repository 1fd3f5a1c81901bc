import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from "jsonc-parser";
import type { ConfigurationProblem } from "../errors/configurationErrors";

/** JavaScript objects cannot hold this as a name like any other, and zod passes over it in records. */
export const UNUSABLE_NAME = "__proto__";

/** The keys and indexes that lead to a value. */
export type JsonPath = readonly PropertyKey[];

/** JSON with comments and trailing commas, which knows where in the text each value is. */
export class JsonFile {
  /** An empty object for a file that says nothing. */
  readonly value: unknown;
  /** Whether it is JSON at all. */
  readonly isJson: boolean;
  /** What is wrong with it, whatever it is to say. */
  readonly problems: readonly ConfigurationProblem[];
  private readonly content: string;
  private readonly root: Node | undefined;

  /**
   * Throws RangeError where it is nested too deeply.
   *
   * @param path only for the problems.
   */
  constructor(
    text: string,
    private readonly path: string,
  ) {
    // Editors do not count the byte order mark as a column.
    this.content = text.replace(/^\uFEFF/, "");
    const errors: ParseError[] = [];
    const root = parseTree(this.content, errors, { allowTrailingComma: true, allowEmptyContent: true });
    this.isJson = errors.length === 0;
    if (!this.isJson || root === undefined) {
      this.root = undefined;
      this.value = {};
      this.problems = errors.map(({ offset, error }) =>
        this.problemAt(offset, `not valid JSON: ${inWords(printParseErrorCode(error))}`),
      );
      return;
    }
    this.root = root;
    this.value = getNodeValue(root);
    this.problems = [
      ...duplicateKeys(root).map((node) => this.problemAt(node.offset, `${JSON.stringify(node.value)} is there twice`)),
      ...unusableNames(root).map((node) =>
        this.problemAt(node.offset, `${JSON.stringify(node.value)} cannot be a name`),
      ),
    ];
  }

  /** At the value that `path` leads to, or at the closest one around it that exists. */
  problemOfValue(path: JsonPath, message: string): ConfigurationProblem {
    return this.problemAt(this.valueOffset(path), message);
  }

  /** At the last key of `path`. */
  problemOfKey(path: JsonPath, message: string): ConfigurationProblem {
    return this.problemAt(this.findNode(path)?.parent?.offset ?? this.valueOffset(path), message);
  }

  private problemAt(offset: number, message: string): ConfigurationProblem {
    const before = this.content.slice(0, offset).split(/\r\n|\r|\n/);
    return { path: this.path, line: before.length, column: (before.at(-1) ?? "").length + 1, message };
  }

  private valueOffset(path: JsonPath): number {
    for (let length = path.length; length >= 0; length--) {
      const node = this.findNode(path.slice(0, length));
      if (node !== undefined) {
        return node.offset;
      }
    }
    return 0;
  }

  private findNode(path: JsonPath): Node | undefined {
    const segments = path.map((segment) => (typeof segment === "number" ? segment : String(segment)));
    return this.root === undefined ? undefined : findNodeAtLocation(this.root, segments);
  }
}

function keysOf(node: Node): Node[] {
  return node.type === "object"
    ? (node.children ?? []).flatMap((property) => property.children?.slice(0, 1) ?? [])
    : [];
}

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

/** "PropertyNameExpected" as "property name expected". */
function inWords(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}
