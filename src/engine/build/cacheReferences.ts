import { BuildOptionError } from "../../core/errors/imageErrors";
import type { ImageOfBuild } from "../../core/ports/ContainerEngine";
import { splitTag } from "../splitTag";
import { BUILDER_NAMES, type Builder } from "./chooseBuilder";

/**
 * The images of `build.cacheFrom`, which the docker CLI's form "type=registry,ref=IMAGE" may name, too. Throws
 * BuildOptionError for another kind of cache.
 */
export function cacheReferences(cacheFrom: readonly string[] = [], builder: Builder): readonly string[] {
  return cacheFrom.map((entry) => {
    const reference = registryReference(entry);
    if (reference === undefined) {
      throw new BuildOptionError(
        "build.cacheFrom",
        BUILDER_NAMES[builder],
        `It takes a cache from images only, not from ${JSON.stringify(entry)}. Name an image.`,
      );
    }
    return reference;
  });
}

/** For the logins of their registries. */
export function cacheImages(references: readonly string[]): readonly ImageOfBuild[] {
  return references.map((reference) => ({ reference, known: true }));
}

/** What Podman takes: it tags what it keeps itself. */
export function withoutTag(reference: string): string {
  return splitTag(reference.replace(/@.*$/, "")).name;
}

/** @returns undefined for what is no image. */
export function registryReference(entry: string): string | undefined {
  if (!/[=,\s]/.test(entry)) {
    return entry === "" ? undefined : entry;
  }
  const fields = new Map(entry.split(",").map(splitOnce));
  const reference = fields.get("ref") ?? "";
  return fields.get("type") === "registry" && reference !== "" && fields.size === 2 ? reference : undefined;
}

function splitOnce(field: string): readonly [string, string] {
  const [name = "", value = ""] = field.split(/=(.*)/s);
  return [name, value];
}
