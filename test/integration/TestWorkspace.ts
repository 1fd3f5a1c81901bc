import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { workspaceLabels } from "../../src/core/labels";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { ContainerSummary, Labels } from "../../src/core/ports/ContainerTypes";
import { workspaceOf } from "../../src/core/Workspace";

/** A folder of its own for one test, with a cache of its own, and everything of it gone afterwards. */
export class TestWorkspace {
  private constructor(
    readonly folder: string,
    readonly cache: string,
  ) {}

  static async create(files: Readonly<Record<string, string>>): Promise<TestWorkspace> {
    const root = await realpath(await mkdtemp(join(tmpdir(), "slipway-test-")));
    const workspace = new TestWorkspace(join(root, "workspace"), join(root, "cache"));
    await mkdir(workspace.folder);
    // A rootless engine is another user's, and its containers write as that one.
    await chmod(root, 0o755);
    await chmod(workspace.folder, 0o777);
    for (const [path, content] of Object.entries(files)) {
      await workspace.write(path, content);
    }
    return workspace;
  }

  get labels(): Labels {
    return workspaceLabels(workspaceOf(this.folder));
  }

  async write(path: string, content: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  async containers(engine: ContainerEngine): Promise<readonly ContainerSummary[]> {
    return engine.listContainers({ labels: this.labels });
  }

  async remove(engine: ContainerEngine): Promise<void> {
    for (const { id } of await this.containers(engine)) {
      await engine.removeContainer(id);
    }
    for (const { id, references } of await engine.listImages({ labels: this.labels })) {
      for (const reference of references.length > 0 ? references : [id]) {
        await engine.removeImage(reference);
      }
    }
    await rm(dirname(this.folder), { recursive: true, force: true });
  }
}
