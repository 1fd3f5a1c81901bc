import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { EnvFileError } from "../../errors/containerErrors";
import { readEnvFile } from "./readEnvFile";

describe("readEnvFile", () => {
  let folder: string;
  let file: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-env-"));
    file = join(folder, "vars.env");
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const read = async (
    content: string | Uint8Array,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Readonly<Record<string, string>>> => {
    await writeFile(file, content);
    return readEnvFile(file, environment);
  };

  for (const [what, content, expected] of [
    ["values with spaces, quotes and signs", `A= 'x' "y" #z  \nC=a=b\nD=\n`, { A: ` 'x' "y" #z  `, C: "a=b", D: "" }],
    ["no empty lines and remarks", "\n  # A=1\n\t\n#B=2\n  C=3", { C: "3" }],
    ["lines that end as on Windows, and a byte order mark", "\uFEFFA=1\r\nB=2\r\n", { A: "1", B: "2" }],
    ["the last one of several", "A=1\nA=2\n", { A: "2" }],
    ["a name that stands alone from the environment, where it is", "HERE\nELSEWHERE\n", { HERE: "from here" }],
    ["nothing replaced", "A=$HERE ${HERE}\n", { A: "$HERE ${HERE}" }],
    ["odd names", "a.b-c=1\n__proto__=2\n", { "a.b-c": "1", ["__proto__"]: "2" }],
  ] as const) {
    it(`takes ${what}`, async () => {
      assert.deepEqual(Object.entries(await read(content, { HERE: "from here" })), Object.entries(expected));
    });
  }

  for (const [what, content, line] of [
    ["a line without a name", "A=1\n=2\n", 2],
    ["a name with spaces", "A=1\n\nB C=2\n", 3],
    ["a name with a space before the sign", "B =2\n", 1],
    ["a name alone with spaces", "export\nexport A\n", 2],
    ["what is not UTF-8", Buffer.from([0x41, 0x3d, 0x31, 0x0a, 0x42, 0x3d, 0xff, 0x0a]), 2],
    ["a null character", "A=\0\n", 1],
  ] as const) {
    it(`refuses ${what}, and says where`, async () => {
      await assert.rejects(read(content), (error: unknown) => {
        assert.ok(error instanceof EnvFileError);
        assert.equal(error.line, line);
        assert.ok(error.message.startsWith(`${file}:${String(line)}: `));
        return true;
      });
    });
  }

  it("refuses a file that is not there, or is none", async () => {
    for (const path of [join(folder, "missing"), folder]) {
      await assert.rejects(readEnvFile(path, {}), (error: unknown) => {
        assert.ok(error instanceof EnvFileError);
        assert.equal(error.line, undefined);
        assert.ok(error.message.includes(path));
        return true;
      });
    }
  });

  it("reads back whatever can be written in lines", async () => {
    const names = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/);
    const values = fc.string({ unit: "grapheme" }).filter((value) => !/[\n\r\0]/.test(value));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, values), async (variables) => {
        const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
        assert.deepEqual(Object.entries(await read(lines.join(""))), Object.entries(variables));
      }),
      { numRuns: 50 },
    );
  });
});
