import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManifestStore } from "../../src/core/fingerprint/ManifestStore";
import { BuildLock } from "../../src/core/image/sharing/BuildLock";
import { imageLabels } from "../../src/core/labels";
import { imageReference, workspaceOf, type Workspace } from "../../src/core/Workspace";
import { FakeContainerEngine } from "./FakeContainerEngine";

/** Images of workspaces on a fake engine, with what is written down of them. */
export class FakeWorkspaceImages {
  readonly workspace = workspaceOf("/home/me/app");
  readonly manifests: ManifestStore;
  readonly locks: BuildLock;

  private constructor(
    readonly engine: FakeContainerEngine,
    private readonly folder: string,
  ) {
    this.manifests = new ManifestStore(folder);
    this.locks = new BuildLock(join(folder, "locks"));
  }

  static async create(engine = new FakeContainerEngine({ images: ["busybox"] })): Promise<FakeWorkspaceImages> {
    return new FakeWorkspaceImages(engine, await mkdtemp(join(tmpdir(), "slipway-images-")));
  }

  /** As most functions want them. */
  get parts() {
    const { engine, workspace, manifests, locks } = this;
    return { engine, workspace, manifests, locks };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /**
   * @param fingerprint also what tells the image from others.
   * @param ageSeconds how long ago it was used; undefined for nothing written down.
   * @returns its ID.
   */
  async build(
    fingerprint: string,
    ageSeconds: number | undefined,
    { workspace = this.workspace, again = false }: { readonly workspace?: Workspace; readonly again?: boolean } = {},
  ): Promise<string> {
    let id = "";
    for await (const event of this.engine.buildImage({
      context: {
        root: "/nowhere",
        entries: [],
        dockerfile: { pathInContext: undefined, content: Buffer.from("FROM busybox\n") },
      },
      tags: [imageReference(workspace, fingerprint)],
      labels: imageLabels(workspace, fingerprint),
      args: {},
      noCache: again,
    })) {
      id = event.type === "image" ? event.imageId : id;
    }
    if (ageSeconds !== undefined && workspace === this.workspace) {
      await this.manifests.save(fingerprint, []);
      await this.use(fingerprint, ageSeconds);
    }
    return id;
  }

  /** As if the image had been used so many seconds ago. */
  async use(fingerprint: string, ageSeconds: number): Promise<void> {
    const at = Date.now() / 1000 - ageSeconds;
    await utimes(join(this.folder, `${fingerprint}.json`), at, at);
  }

  nameOf(fingerprint: string): string {
    return imageReference(this.workspace, fingerprint);
  }

  /** Somebody's container of an image. @returns its ID. */
  async run(image: string, name: string): Promise<string> {
    return this.engine.createContainer({
      ...{ image, name, command: undefined, workingDirectory: undefined, env: {}, labels: {}, mounts: [], ports: [] },
    });
  }
}
