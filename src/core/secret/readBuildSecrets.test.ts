import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildSecretSource } from "../config/WorkspaceConfiguration";
import { BuildSecretError } from "../errors/configurationErrors";
import { readBuildSecrets } from "./readBuildSecrets";

/** Nobody may find it in an error. */
const CANARY = "canary-7f3a9c";
const LARGEST = 500 * 1024;

describe("readBuildSecrets", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-secret-")));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const env = { TOKEN: CANARY, EMPTY: "", UNSET: undefined };
  const variable = (id: string, name: string): BuildSecretSource => ({ id, kind: "env", variable: name });
  const file = (id: string, name: string): BuildSecretSource => ({ id, kind: "file", path: join(folder, name) });

  const refuses = async (source: BuildSecretSource, message: RegExp): Promise<void> => {
    const good = variable("good", "TOKEN");
    await assert.rejects(readBuildSecrets([good, source], { env }), (error) => {
      assert.ok(error instanceof BuildSecretError, String(error));
      assert.equal(error.id, source.id);
      assert.match(error.message, message);
      assert.match(error.message, /build\.secrets in slipway\.json/);
      assert.ok(!JSON.stringify([error.message, error.stack, error, error.cause]).includes(CANARY));
      return true;
    });
  };

  it("has nothing where nothing is asked for", async () => {
    assert.deepEqual(await readBuildSecrets([], { env }), { values: new Map(), texts: [] });
  });

  it("reads variables and files, byte by byte", async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    await writeFile(join(folder, "key"), bytes);
    await symlink("key", join(folder, "link"));
    const { values, texts } = await readBuildSecrets(
      [variable("npm", "TOKEN"), variable("none", "EMPTY"), file("key", "key"), file("link", "link")],
      { env },
    );
    assert.deepEqual(
      [...values].map(([id, value]) => [id, Buffer.from(value).toString("latin1")]),
      [
        ["npm", CANARY],
        ["none", ""],
        ["key", bytes.toString("latin1")],
        ["link", bytes.toString("latin1")],
      ],
    );
    assert.deepEqual(texts, [{ text: CANARY, shown: "***" }]);
  });

  it("reads what is there when a build begins, not what was there before", async () => {
    await writeFile(join(folder, "key"), "the first one");
    await readBuildSecrets([file("key", "key")], { env });
    await writeFile(join(folder, "key"), "the second one");
    const { texts } = await readBuildSecrets([file("key", "key")], { env });
    assert.ok(texts.some(({ text }) => text === "the second one"));
  });

  it("says which variable is not set, and where to set it", async () => {
    await refuses(variable("npm", "UNSET"), /secret "npm" cannot be read: the variable UNSET is not set\. Set it/);
    await refuses(variable("npm", "toString"), /toString is not set/);
  });

  it("says which file is missing, a folder or no file at all", async () => {
    await mkdir(join(folder, "folder"));
    await writeFile(join(folder, "plain"), CANARY);
    execFileSync("mkfifo", [join(folder, "fifo")]);
    await refuses(file("a", "missing"), /secret "a" cannot be read: there is no file .*missing\. Make it/);
    await refuses(file("a", "plain/below"), /there is no file .*below/);
    await refuses(file("b", "folder"), /folder cannot be read \(it is a folder\)/);
    await refuses(file("c", "fifo"), /fifo cannot be read \(it is not a regular file\)/);
  });

  it("does not read the memory or the terminal of a machine for a file", async () => {
    await symlink("/dev/zero", join(folder, "zero"));
    await refuses(file("z", "zero"), /zero cannot be read \(it is not a regular file\)/);
  });

  it("takes what BuildKit takes, and no byte more", async () => {
    await writeFile(join(folder, "large"), "");
    await truncate(join(folder, "large"), LARGEST);
    const { values } = await readBuildSecrets([file("large", "large")], { env });
    assert.equal(values.get("large")?.length, LARGEST);
    await truncate(join(folder, "large"), LARGEST + 1);
    await refuses(file("large", "large"), /secret "large" cannot be read: .*large is larger than 500 KB/);
    const large = { LARGE: "é".repeat(LARGEST / 2 + 1) };
    await assert.rejects(readBuildSecrets([variable("v", "LARGE")], { env: large }), /the variable LARGE is larger/);
  });
});
