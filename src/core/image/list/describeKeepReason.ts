import type { KeepReason } from "./planCleanUp";

/** Why an image stays, for people: "in use by NAME". */
export function describeKeepReason(reason: KeepReason): string {
  switch (reason.kind) {
    case "current":
      return "the current one";
    case "in-use":
      return `in use by ${reason.by.join(", ")}`;
    case "named":
      return `also named ${reason.names.join(", ")}`;
    case "busy":
      return "being built, or used just now";
    case "recent":
      return "one of the last";
    case "engine":
      return "the engine holds on to it: another image was made of it, or something is being built on it";
  }
}
