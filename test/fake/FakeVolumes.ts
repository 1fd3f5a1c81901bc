import type { Labels, VolumeSummary } from "../../src/core/ports/ContainerTypes";
import { carries } from "./carries";
import { FakeTree } from "./FakeTree";

/** The named volumes of a fake engine. */
export class FakeVolumes {
  private readonly volumes = new Map<string, { readonly labels: Labels; readonly tree: FakeTree }>();

  /** Nothing happens where there is one of that name. */
  make(name: string, labels: Labels): void {
    if (!this.volumes.has(name)) {
      this.volumes.set(name, { labels, tree: FakeTree.empty() });
    }
  }

  content(name: string): FakeTree {
    return this.volumes.get(name)?.tree ?? FakeTree.empty();
  }

  list(labels: Labels): readonly VolumeSummary[] {
    return [...this.volumes]
      .filter(([, volume]) => carries(volume.labels, labels))
      .map(([name, volume]) => ({ name, labels: volume.labels }));
  }

  remove(name: string, used: boolean): "removed" | "not-found" | "in-use" {
    if (!this.volumes.has(name)) {
      return "not-found";
    }
    if (used) {
      return "in-use";
    }
    this.volumes.delete(name);
    return "removed";
  }
}
