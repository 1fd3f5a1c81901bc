import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SetupConfiguration } from "../config/WorkspaceConfiguration";
import { WorkspaceError } from "../errors/configurationErrors";
import { InProcessScanner } from "../fingerprint/scan/InProcessScanner";
import { workspaceOf } from "../Workspace";
import { setupDigest } from "./setupDigest";

describe("setupDigest", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-setup-"));
    await mkdir(join(folder, "work/src"), { recursive: true });
    await writeFile(join(folder, "work/lock.json"), "1");
    await writeFile(join(folder, "work/src/a.c"), "a");
    await writeFile(join(folder, "work/other"), "x");
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  const digest = async (step: Partial<SetupConfiguration> = {}, env = {}): Promise<string> =>
    setupDigest({
      ...{ workspace: workspaceOf(join(folder, "work")), cacheFolder: join(folder, "cache"), env },
      steps: [{ name: "install", command: ["npm", "ci"], inputs: ["lock.json", "src/**/*.c", "!src/gen.c"], ...step }],
      scanner: new InProcessScanner(),
    });

  it("is the same while the steps and their inputs are", async () => {
    const before = await digest();
    await writeFile(join(folder, "work/other"), "y");
    await writeFile(join(folder, "work/src/gen.c"), "y");
    await writeFile(join(folder, "work/src/notes.md"), "y");
    await utimes(join(folder, "work/lock.json"), 1, 1);
    assert.equal(await digest(), before);
    assert.equal(await digest({ timeoutMs: 1 }), before);
  });

  it("is another one as soon as any of them changes", async () => {
    const seen = [await digest()];
    const put = async (path: string, content: string): Promise<void> => {
      await writeFile(join(folder, "work", path), content);
      seen.push(await digest());
    };
    await put("lock.json", "2");
    await put("src/a.c", "b");
    await put("src/b.c", "");
    await chmod(join(folder, "work/src/a.c"), 0o755);
    seen.push(await digest());
    await rm(join(folder, "work/lock.json"));
    seen.push(await digest(), await digest({ command: ["npm", "install"] }), await digest({ user: "1000" }));
    seen.push(await digest({}, { A: "1" }), await digest({ inputs: ["src/*.c"] }), await digest({ inputs: undefined }));
    assert.equal(new Set(seen).size, seen.length);
  });

  it("rejects a bad pattern by name", async () => {
    await assert.rejects(
      digest({ inputs: ["src/[a"] }),
      (error) => error instanceof WorkspaceError && /^setup\.inputs in .*pattern "src\/\[a"/.test(error.message),
    );
  });
});
