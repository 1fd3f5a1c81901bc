import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FakeFileContainer } from "../../../test/fake/FakeFileContainer";
import { ContainerPathError } from "../errors/containerErrors";
import { CopyInError } from "../errors/transferErrors";
import { copyIn } from "./copyIn";
import type { TransferEvent } from "./TransferEvent";

describe("copyIn", () => {
  let root: string;
  let container: FakeFileContainer;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "slipway-in-"));
    container = new FakeFileContainer();
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const write = (path: string, content = path): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const copy = async (source: string, target: string): Promise<readonly TransferEvent[]> => {
    const events: TransferEvent[] = [];
    for await (const event of copyIn({
      ...{ engine: container.engine, containerId: "c", workspaceFolder: join(root, "ws") },
      ...{ items: [{ source, target }], owner: { uid: 5, gid: 6 } },
    })) {
      events.push(event);
    }
    return events;
  };
  const paths = (): readonly string[] => [...container.files.keys()].filter((path) => path !== "/").sort();

  it("makes of a file or a folder what the target says, or puts it in there", async () => {
    write("ws/dir/a");
    write("ws/dir/sub/b");
    await copy("dir", "/x");
    await copy("dir/", "/y/");
    await copy("dir/a", "/x/c");
    await copy("./dir/a", "/z/");
    await copy(".", "/all/");
    assert.deepEqual(
      paths().join(" "),
      "/all /all/dir /all/dir/a /all/dir/sub /all/dir/sub/b /x /x/a /x/c /x/sub /x/sub/b /y /y/dir /y/dir/a /y/dir/sub /y/dir/sub/b /z /z/a",
    );
    await assert.rejects(
      copy("dir/a", "/x"),
      (error) => error instanceof ContainerPathError && /"\/"/.test(error.message),
    );
    await assert.rejects(copy("dir/a", "/z/a/b"), ContainerPathError);
  });

  it("puts what a pattern means below the target, with its folders, and takes a name as it is first", async () => {
    write("ws/src/a.ts");
    write("ws/src/deep/er/b.ts");
    write("ws/src/deep/c.js");
    write("ws/src/[id].ts");
    write("ws/src/i.ts");
    await copy("src/**/*.ts", "/x");
    assert.deepEqual(paths().join(" "), "/x /x/[id].ts /x/a.ts /x/deep /x/deep/er /x/deep/er/b.ts /x/i.ts");
    container.files.clear();
    container.files.set("/", "/");
    await copy("src/[id].ts", "/y");
    assert.equal(container.files.get("/y"), "ws/src/[id].ts");
    await copy("src/d*", "/z");
    assert.deepEqual(paths().join(" "), "/y /z /z/deep /z/deep/c.js /z/deep/er /z/deep/er/b.ts");
  });

  it("keeps modes and gives all to the owner", async () => {
    write("ws/dir/a");
    chmodSync(join(root, "ws/dir/a"), 0o2571);
    chmodSync(join(root, "ws/dir"), 0o700);
    container.files.set("/there", "/");
    await copy("dir", "/there/new");
    assert.equal(container.details.get("/there/new/a"), "2571 5:6 {}");
    assert.equal(container.details.get("/there/new"), "700 5:6 {}");
    assert.equal(container.details.get("/there"), undefined);
  });

  it("copies what a link in the workspace leads to, and one that leads out as a link, saying so", async () => {
    write("ws/real", "real");
    write("outside/secret", "secret");
    symlinkSync("real", join(root, "ws/in"));
    symlinkSync("../outside/secret", join(root, "ws/out"));
    symlinkSync("../outside", join(root, "ws/away"));
    mkdirSync(join(root, "ws/dir"));
    symlinkSync("../../outside", join(root, "ws/dir/link"));
    await copy("in", "/in");
    assert.equal(container.files.get("/in"), "real");
    const [, warning] = await copy("out", "/out");
    assert.ok(warning?.type === "warning" && warning.message.includes("leads out"));
    assert.equal(container.files.get("/out"), "-> ../outside/secret");
    await copy("dir", "/dir");
    assert.equal(container.files.get("/dir/link"), "-> ../../outside");
    for (const source of ["away/secret", "away/*", "../outside/secret", "/etc/passwd"]) {
      await assert.rejects(copy(source, "/x"), CopyInError, source);
    }
  });

  it("says what is missing, what matches nothing, and what is no pattern", async () => {
    write("ws/a");
    for (const [source, said] of [
      ["b", /no such file/],
      ["b/*", /no such file/],
      ["*.ts", /nothing .*matches/],
      ["[", /no valid pattern/],
    ] as const) {
      await assert.rejects(copy(source, "/x"), (error) => error instanceof CopyInError && said.test(error.message));
    }
    assert.deepEqual(paths(), []);
  });

  it("leaves out pipes and names that are not UTF-8, and names them", async function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    write("ws/dir/a");
    execFileSync("mkfifo", [join(root, "ws/dir/pipe")]);
    writeFileSync(Buffer.concat([Buffer.from(join(root, "ws/dir/")), Buffer.from([0xff])]), "");
    const [transfer, warning] = await copy("dir", "/x");
    assert.ok(transfer?.type === "transfer" && transfer.files === 1);
    assert.ok(warning?.type === "warning" && /pipe, .*\ufffd/.test(warning.message), JSON.stringify(warning));
    await assert.rejects(copy("dir/pipe", "/pipe"), CopyInError);
  });

  it("copies large files whole, and fails when one becomes shorter meanwhile", async () => {
    write("ws/large", "x".repeat(5 << 20));
    await copy("large", "/large");
    assert.equal(container.files.get("/large")?.length, 5 << 20);
    const { engine } = container;
    const slow: typeof engine = {
      ...engine,
      copyTo: async (id, folder, tar) => {
        const pieces = async function* () {
          for await (const piece of tar) {
            truncateSync(join(root, "ws/large"), 1000);
            yield piece;
          }
        };
        await engine.copyTo(id, folder, pieces());
      },
    };
    const options = { engine: slow, containerId: "c", workspaceFolder: join(root, "ws"), owner: undefined };
    await assert.rejects(async () => {
      for await (const event of copyIn({ ...options, items: [{ source: "large", target: "/other" }] })) {
        assert.equal(event.type, "transfer");
      }
    }, CopyInError);
    assert.equal(container.files.has("/other"), false);
  });
});
