import type { Unreadable } from "./checkedBy";

/** A mount as it is written, whichever way; what its parts may be is the schema's business. */
export interface MountText {
  readonly type: string;
  readonly source?: string | undefined;
  readonly target: string;
  readonly readOnly?: boolean | undefined;
  readonly size?: string | undefined;
  /** ":z" and ":Z". */
  readonly relabel?: "shared" | "private" | undefined;
}

/**
 * Reads what the docker CLI takes for --mount ("type=bind,source=a,target=/b,readonly") or for --volume ("./a:/b:ro",
 * "name:/b").
 *
 * @returns the mount, or what is wrong with the text.
 */
export function parseMountText(text: string): MountText | Unreadable {
  return /^(?:[a-z-]+=[^,]*|readonly|ro)(?:,|$)/.test(text) ? fromFields(text) : fromColons(text);
}

const ALIASES: Readonly<Record<string, string>> = {
  src: "source",
  dst: "target",
  destination: "target",
  ro: "readonly",
  "tmpfs-size": "size",
};
const FIELDS = ["type", "source", "target", "readonly", "size"];
/** Of no account but on macOS, and there not any more. */
const IGNORED_FIELDS = ["consistency"];
const IGNORED_OPTIONS = ["rw", "cached", "delegated", "consistent"];

function fromFields(text: string): MountText | Unreadable {
  const fields = new Map<string, string>();
  for (const field of text.split(",")) {
    const at = field.indexOf("=");
    const key = (at < 0 ? field : field.slice(0, at)).trim();
    fields.set(ALIASES[key] ?? key, at < 0 ? "true" : field.slice(at + 1));
  }
  const unknown = [...fields.keys()].find((key) => !FIELDS.includes(key) && !IGNORED_FIELDS.includes(key));
  if (unknown !== undefined) {
    return {
      problem: `"${unknown}" is not known in a mount: there are type, source, target, readonly and tmpfs-size.`,
    };
  }
  const target = fields.get("target");
  const readOnly = fields.get("readonly");
  if (target === undefined) {
    return { problem: `"${text}" has no target: where it is to be in the container.` };
  }
  return {
    // As the docker CLI has it.
    type: fields.get("type") ?? "volume",
    source: fields.get("source"),
    target,
    readOnly: readOnly === undefined ? undefined : readOnly === "true" || readOnly === "1",
    size: fields.get("size"),
  };
}

function fromColons(text: string): MountText | Unreadable {
  const groups = /^(?<source>(?:[A-Za-z]:(?=[\\/]))?[^:]+):(?<target>[^:]+)(?::(?<options>[^:]*))?$/.exec(text)?.groups;
  const source = groups?.["source"];
  const target = groups?.["target"];
  if (source === undefined || target === undefined) {
    return {
      problem: `"${text}" is not a mount. Write "./data:/data", "cache:/cache:ro" or "type=bind,source=data,target=/data".`,
    };
  }
  const options = (groups?.["options"] ?? "").split(",").filter((option) => option !== "");
  const unknown = options.find((option) => !["ro", "z", "Z", ...IGNORED_OPTIONS].includes(option));
  if (unknown !== undefined) {
    return { problem: `"${unknown}" is not known in a mount: after the target come ro, z or Z, if anything.` };
  }
  const relabel = options.includes("Z") ? "private" : options.includes("z") ? "shared" : undefined;
  return {
    type: /^(?:[./~]|[A-Za-z]:)/.test(source) ? "bind" : "volume",
    source,
    target,
    readOnly: options.includes("ro") ? true : undefined,
    relabel,
  };
}
