import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of the test's own, made by openssl in a temporary folder, and certificates that it signs. */
export class TestCertificates {
  private made = 0;

  private constructor(
    private readonly folder: string,
    /** The authority's certificate. */
    readonly ca: string,
  ) {}

  static async create(): Promise<TestCertificates> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-tls-"));
    await openssl(folder, [
      "req",
      "-x509",
      ...NEW_KEY,
      "-keyout",
      "ca.key",
      "-out",
      "ca.pem",
      "-subj",
      "/CN=test",
      "-days",
      "1",
    ]);
    return new TestCertificates(folder, await readFile(join(folder, "ca.pem"), "utf8"));
  }

  /** @param options `name` is the server's host or the client; one that lasts -1 days has expired */
  async sign(options: { readonly name: string; readonly days?: number }): Promise<Certificate> {
    const { name, days = 1 } = options;
    this.made += 1;
    const [key, request, cert, extensions] = ["key", "csr", "pem", "ext"].map(
      (end) => `${String(this.made)}.${end}`,
    ) as [string, string, string, string];
    await writeFile(join(this.folder, extensions), `subjectAltName=DNS:${name}\n`);
    await openssl(this.folder, ["req", ...NEW_KEY, "-keyout", key, "-out", request, "-subj", `/CN=${name}`]);
    await openssl(this.folder, [
      ...["x509", "-req", "-in", request, "-out", cert, "-days", String(days), "-extfile", extensions],
      ...["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"],
    ]);
    const read = async (file: string): Promise<string> => readFile(join(this.folder, file), "utf8");
    return { cert: await read(cert), key: await read(key) };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

async function openssl(cwd: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)("openssl", args, { cwd });
}
