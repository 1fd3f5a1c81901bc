import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { CertificateError } from "../errors/configurationErrors";
import type { PackedFile } from "./PackFiles";
import { readCaCertificates, type CaCertificates } from "./readCaCertificates";
import { TEST_CA } from "../../../test/testAuthorities";

describe("readCaCertificates", () => {
  let folder: string;
  let packed: readonly PackedFile[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-ca-"));
    packed = [];
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const packFiles = (files: readonly PackedFile[]): AsyncIterable<Uint8Array> => {
    packed = files;
    return (async function* () {
      yield* await Promise.resolve([]);
    })();
  };
  const read = async (...contents: readonly string[]): Promise<CaCertificates> => {
    const files = contents.map((_, index) => join(folder, `${String(index)}.pem`));
    await Promise.all(contents.map(async (content, index) => writeFile(files[index] ?? "", content)));
    const found = await readCaCertificates(files, packFiles);
    assert.ok(found !== undefined);
    return found;
  };
  const countIn = ({ bundle }: CaCertificates): number =>
    Buffer.from(bundle).toString("latin1").split("-----BEGIN CERTIFICATE-----").length - 1;

  it("is nothing where no files are named", async () => {
    assert.equal(await readCaCertificates([], packFiles), undefined);
  });

  it("puts the added ones before the public ones", async () => {
    const found = await read(`Company CA\n${TEST_CA[0]}\n`);
    assert.equal(countIn(found), rootCertificates.length + 1);
    assert.ok(Buffer.from(found.bundle).toString("latin1").startsWith(TEST_CA[0].trim()));
    found.tar();
    assert.deepEqual(packed, [{ path: "etc/slipway/ca.pem", content: found.bundle }]);
  });

  it("has each once, and counts the same in any order and form", async () => {
    const [one, two] = TEST_CA;
    const together = await read(`${one}\n${two}`);
    const apart = await read(two.replaceAll("\n", "\r\n"), one, one);
    assert.equal(apart.sha256, together.sha256);
    assert.equal(countIn(apart), rootCertificates.length + 2);
    assert.notEqual((await read(one)).sha256, together.sha256);
    assert.equal(countIn(await read(rootCertificates[0] ?? "")), rootCertificates.length);
  });

  for (const [what, content, message] of [
    ["without a certificate", "hello", /0\.pem: there is no certificate in it/],
    [
      "with only a key",
      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
      /there is no certificate in it/,
    ],
    [
      "with a damaged one",
      `${TEST_CA[0]}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      /0\.pem: its certificate 2 is damaged/,
    ],
  ] as const) {
    it(`refuses a file ${what}, and names it`, async () => {
      await assert.rejects(read(content), (error: unknown) => {
        assert.ok(error instanceof CertificateError);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("refuses one that is not there, or is a folder", async () => {
    await assert.rejects(readCaCertificates([join(folder, "none")], packFiles), /none: there is no such file/);
    await assert.rejects(readCaCertificates([folder], packFiles), /cannot be read \(it is a folder\)/);
  });
});
