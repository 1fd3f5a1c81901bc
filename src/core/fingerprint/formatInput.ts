import { showText } from "../showText";
import type { BuildInput } from "./BuildInput";

/** A path may be long, and is shown whole. */
const MOST_CHARACTERS = 20_000;

/** One line for people, whatever the names of files have in them. */
export function formatInput(input: BuildInput): string {
  return showText(textOf(input), MOST_CHARACTERS);
}

function textOf(input: BuildInput): string {
  switch (input.kind) {
    case "dockerfile":
      return `dockerfile ${input.path} ${short(input.sha256)}`;
    case "target":
    case "platform":
      return `${input.kind} ${input.value}`;
    case "arg":
      return `arg ${input.name}=${input.value}`;
    case "option":
      return `option ${input.name}${input.value === "" ? "" : `=${input.value}`}`;
    case "remote":
      return `remote ${input.url} (not looked at)`;
    case "certificates":
      return `certificates ${short(input.sha256)}`;
    case "base-image":
      return `base-image ${input.reference} ${input.imageId === null ? "(not here yet)" : short(input.imageId.replace(/^\w+:/, ""))}`;
    case "file":
      return `file ${octal(input.mode)} ${input.path} ${short(input.sha256)}`;
    case "directory":
    case "fifo":
      return `${input.kind} ${octal(input.mode)} ${input.path}`;
    case "symlink":
      return `symlink ${input.path} -> ${input.target}`;
  }
}

function short(digest: string): string {
  return digest.slice(0, 12);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(3, "0");
}
