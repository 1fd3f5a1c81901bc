import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AmbiguousDockerfileError, WorkspaceError } from "../errors/configurationErrors";
import { findDockerfile, listDockerfiles } from "./findDockerfile";

describe("findDockerfile", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-find-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  /** Files whose content is their name, unless it is given. */
  async function put(...files: readonly (string | readonly [name: string, content: string])[]): Promise<void> {
    for (const file of files) {
      const [name, content] = typeof file === "string" ? [file, file] : file;
      await writeFile(join(folder, name), content);
    }
  }

  async function candidates(preferred?: string): Promise<readonly string[]> {
    try {
      return assert.fail(`found ${String(await findDockerfile(folder, preferred))}`);
    } catch (error) {
      assert.ok(error instanceof AmbiguousDockerfileError, String(error));
      return error.candidates;
    }
  }

  it("finds none in an empty folder and among other files", async () => {
    assert.equal(await findDockerfile(folder), undefined);
    await put(
      "README.md",
      ".dockerignore",
      "Dockerfile.dockerignore",
      "dev.dockerfile.dockerignore",
      "mydockerfile",
      "Dockerfile.",
    );
    assert.equal(await findDockerfile(folder), undefined);
  });

  for (const name of [
    "Dockerfile",
    "Containerfile",
    "dockerfile",
    "containerfile",
    "Dockerfile.dev",
    "dev.Dockerfile",
    "Containerfile.ci",
  ]) {
    it(`finds the only one, named ${name}`, async () => {
      await put(name, "package.json");
      assert.equal(await findDockerfile(folder), name);
    });
  }

  it("takes the plain name before variants", async () => {
    await put("Dockerfile.dev", "Containerfile", "prod.dockerfile");
    assert.equal(await findDockerfile(folder), "Containerfile");
  });

  it("names all variants when there is no plain one, in a fixed order", async () => {
    await put("b.dockerfile", "Dockerfile.dev", "Dockerfile.a.b");
    assert.deepEqual(await candidates(), ["Dockerfile.a.b", "Dockerfile.dev", "b.dockerfile"]);
  });

  it("names both plain ones when they differ", async () => {
    await put("Containerfile", "Dockerfile");
    assert.deepEqual(await candidates(), ["Dockerfile", "Containerfile"]);
  });

  it("counts plain ones with the same content once, links included", async () => {
    await put("Dockerfile");
    await symlink("Dockerfile", join(folder, "Containerfile"));
    assert.equal(await findDockerfile(folder), "Dockerfile");
  });

  it("tells a folder of that name from a file", async () => {
    await mkdir(join(folder, "Dockerfile"));
    await put("Containerfile");
    assert.deepEqual(await candidates(), ["Dockerfile", "Containerfile"]);
  });

  it("takes what was chosen earlier, also a variant beside a plain one", async () => {
    await put("Dockerfile", "Containerfile", "Dockerfile.dev");
    assert.equal(await findDockerfile(folder, "Containerfile"), "Containerfile");
    assert.equal(await findDockerfile(folder, "Dockerfile.dev"), "Dockerfile.dev");
  });

  it("asks again when what was chosen earlier is gone", async () => {
    await put("Dockerfile", "Containerfile");
    assert.deepEqual(await candidates("Dockerfile.dev"), ["Dockerfile", "Containerfile"]);
    assert.deepEqual(await candidates("../Dockerfile"), ["Dockerfile", "Containerfile"]);
  });

  it("lists all that can be chosen, plain ones first", async () => {
    await put("Dockerfile.b", "Dockerfile.a", "Dockerfile.a.dockerignore", "Containerfile", "Dockerfile", "README.md");
    assert.deepEqual(await listDockerfiles(folder), ["Dockerfile", "Containerfile", "Dockerfile.a", "Dockerfile.b"]);
  });

  it("says how to choose, in a line that can be copied into slipway.json", async () => {
    await put("Dockerfile.b", "Dockerfile.a");
    await assert.rejects(findDockerfile(folder), {
      code: "ambiguous-dockerfile",
      message: /Dockerfile\.a, Dockerfile\.b.*\{ "build": \{ "dockerfile": "Dockerfile\.a" \} \}/,
    });
  });

  it("names the folder that cannot be read", async () => {
    await assert.rejects(findDockerfile(join(folder, "gone")), (error) => {
      assert.ok(error instanceof WorkspaceError);
      assert.ok(error.message.includes(join(folder, "gone")));
      return true;
    });
  });
});
