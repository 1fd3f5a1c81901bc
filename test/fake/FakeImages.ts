import type { EngineEvent, ImageDetails, ImageSummary, Labels } from "../../src/core/ports/ContainerTypes";
import { carries } from "./carries";
import type { FakeImage } from "./FakeImage";

/** The images of a fake engine, and their names. */
export class FakeImages {
  private readonly images = new Map<string, FakeImage>();
  private readonly references = new Map<string, string>();

  constructor(private readonly tell: (event: EngineEvent) => void) {}

  find(reference: string): FakeImage | undefined {
    return this.images.get(this.references.get(normalize(reference)) ?? reference);
  }

  add(image: FakeImage, references: readonly string[]): void {
    // One that is built again comes last, as a new one does.
    this.images.delete(image.id);
    this.images.set(image.id, image);
    this.tell({ kind: "image", action: "added", reference: image.id });
    references.forEach((reference) => {
      this.tag(image.id, reference);
    });
  }

  tag(imageId: string, reference: string): void {
    this.references.set(normalize(reference), imageId);
    this.tell({ kind: "image", action: "tagged", reference: normalize(reference) });
  }

  /** @param used whether a container was made of it. */
  remove(reference: string, used: (imageId: string) => boolean): "removed" | "not-found" | "in-use" {
    const image = this.find(reference);
    if (image === undefined) {
      return "not-found";
    }
    const name = normalize(reference);
    const byName = this.references.has(name);
    const names = this.referencesOf(image.id);
    if (byName && names.length > 1) {
      this.untag(name);
      return "removed";
    }
    if (used(image.id) || (!byName && names.length > 1)) {
      return "in-use";
    }
    names.forEach((one) => {
      this.untag(one);
    });
    this.images.delete(image.id);
    this.tell({ kind: "image", action: "removed", reference: image.id });
    return "removed";
  }

  details(image: FakeImage): ImageDetails {
    const { id, platform, labels, created, config, tree } = image;
    return {
      ...{ id, platform, labels, created, config },
      references: this.referencesOf(id),
      digests: [],
      sizeBytes: tree.sizeBytes,
    };
  }

  /** Newest first. */
  list(labels: Labels): readonly ImageSummary[] {
    return [...this.images.values()]
      .filter((image) => carries(image.labels, labels))
      .map(({ id, labels: own, created, tree }) => ({
        ...{ id, labels: own, created },
        references: this.referencesOf(id),
        sizeBytes: tree.sizeBytes,
      }))
      .reverse();
  }

  private untag(reference: string): void {
    this.references.delete(reference);
    this.tell({ kind: "image", action: "untagged", reference });
  }

  private referencesOf(id: string): readonly string[] {
    return [...this.references].filter(([, image]) => image === id).map(([reference]) => reference);
  }
}

/** A reference without a tag means "latest". */
function normalize(reference: string): string {
  return /:[^/]+$/.test(reference) ? reference : `${reference}:latest`;
}
