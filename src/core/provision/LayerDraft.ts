import { join, posix } from "node:path";
import { ResourceError } from "../errors/provisionErrors";
import type { SentEntry } from "../ports/BuildContext";
import type { PackedEntry } from "../transfer/packTar";
import { NoFolderThere, type BaseFolders, type FolderPlace } from "./BaseFolders";
import { outerFirst } from "./provisionHash";
import type { ReadResource } from "./ReadResource";

const FOLDER_MODE = 0o755;

/** A folder of the resource, where it is in the image. */
interface PlacedFolder {
  readonly path: string;
  /** Whether the image has it already. */
  readonly exists: boolean;
}

/**
 * What is to be unpacked at the root of an image. Folders that the image has stay as they are, links on the way to a target
 * are followed, and what would take the place of a folder, or put one in the place of something else, is an error: builders
 * differ in all of that, down to removing what was there.
 */
export class LayerDraft {
  /** By their names, which have no "/" at the beginning; folders before what is in them. */
  private readonly packed = new Map<string, PackedEntry>();
  private readonly skippedPipes: string[] = [];

  private constructor(private readonly base: BaseFolders) {}

  /** Rejects with ResourceError, and with ContextChangedError. */
  static async make(base: BaseFolders, resources: readonly ReadResource[]): Promise<LayerDraft> {
    const draft = new LayerDraft(base);
    for (const resource of outerFirst(resources)) {
      try {
        await (resource.kind === "file" ? draft.addFile(resource) : draft.addFolder(resource));
      } catch (error) {
        throw error instanceof NoFolderThere ? inTheWay(resource, error.message) : error;
      }
    }
    return draft;
  }

  get entries(): Iterable<PackedEntry> {
    return this.packed.values();
  }

  /** Paths of pipes, which are left out. */
  get skipped(): readonly string[] {
    return this.skippedPipes;
  }

  private async addFile(resource: ReadResource): Promise<void> {
    const { target, mode, mtimeMs, path } = resource;
    const folder = await this.base.place(posix.dirname(target));
    this.addMissing(resource, folder.missing);
    const place = posix.join(folder.path, posix.basename(target));
    if (folder.missing.length === 0 && (await this.base.stat(place))?.kind === "directory") {
      throw inTheWay(resource, `${place} is a folder there; name the file in the target, too`);
    }
    this.add(resource, place, { kind: "file", name: "", mode, mtimeMs, file: path });
  }

  private async addFolder(resource: ReadResource): Promise<void> {
    const { target, mode, mtimeMs, fileMode, path } = resource;
    const root: FolderPlace = await this.base.place(target);
    this.addMissing(resource, root.missing.slice(0, -1));
    const folders = new Map<string, PlacedFolder>([["", { path: root.path, exists: root.missing.length === 0 }]]);
    if (root.missing.length > 0) {
      this.add(resource, root.path, { kind: "directory", name: "", mode, mtimeMs });
    }
    for (const entry of await resource.entries()) {
      const parent = folders.get(entry.path.slice(0, Math.max(0, entry.path.lastIndexOf("/"))));
      if (parent === undefined) {
        throw new Error(`${entry.path} comes before the folder that it is in.`);
      }
      const place = posix.join(parent.path, posix.basename(entry.path));
      if (entry.kind === "directory") {
        folders.set(entry.path, await this.addInnerFolder(resource, { entry, place, parent }));
      } else if (entry.kind === "fifo") {
        this.skippedPipes.push(join(path, entry.path));
      } else {
        if (parent.exists && (await this.base.stat(place))?.kind === "directory") {
          throw inTheWay(resource, `${place} is a folder there, and ${entry.path} is none`);
        }
        this.add(resource, place, packedEntry(entry, path, fileMode));
      }
    }
  }

  private async addInnerFolder(
    resource: ReadResource,
    inner: {
      readonly entry: SentEntry & { readonly kind: "directory" };
      readonly place: string;
      readonly parent: PlacedFolder;
    },
  ): Promise<PlacedFolder> {
    const { entry, place, parent } = inner;
    if (parent.exists && (await this.base.stat(place)) !== undefined) {
      return { path: (await this.base.place(place)).path, exists: true };
    }
    const { mode, mtimeMs = resource.mtimeMs } = entry;
    this.add(resource, place, { kind: "directory", name: "", mode, mtimeMs });
    return { path: place, exists: false };
  }

  /** Folders that neither the image nor another resource has. */
  private addMissing(resource: ReadResource, missing: readonly string[]): void {
    for (const path of missing) {
      if (this.packed.get(path.slice(1))?.kind !== "directory") {
        const { mtimeMs } = resource;
        this.add(resource, path, { kind: "directory", name: "", mode: FOLDER_MODE, mtimeMs });
      }
    }
  }

  private add(resource: ReadResource, path: string, entry: PackedEntry): void {
    const name = path.slice(1);
    const before = this.packed.get(name);
    if (before !== undefined && (before.kind === "directory") !== (entry.kind === "directory")) {
      const [what, other] = entry.kind === "directory" ? ["no folder", "one"] : ["a folder", "something else"];
      throw inTheWay(resource, `another resource puts ${what} at ${path}, and this one ${other}`);
    }
    this.packed.set(name, { ...entry, name });
  }
}

function packedEntry(
  entry: SentEntry & { readonly kind: "file" | "symlink" },
  root: string,
  fileMode: number | undefined,
): PackedEntry {
  const { mtimeMs = 0 } = entry;
  return entry.kind === "file"
    ? { kind: "file", name: "", mode: fileMode ?? entry.mode, mtimeMs, file: join(root, entry.path) }
    : { kind: "symlink", name: "", target: entry.target, mtimeMs };
}

function inTheWay({ source, target }: ReadResource, detail: string): ResourceError {
  return new ResourceError(source, `its target is ${target}, and ${detail}. Correct "resources" in slipway.json.`);
}
