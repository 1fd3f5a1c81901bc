import { createHash, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { messageOf } from "../errors/ExpectedError";
import { CertificateError } from "../errors/configurationErrors";
import { readRegularFile } from "../readRegularFile";
import type { PackFiles } from "./PackFiles";

/** Authorities that builds and containers are to trust. */
export interface CaCertificates {
  /**
   * Of those that were added, whatever their order. The public ones do not count: each version of Node.js has its own,
   * and the editor's is another than that of the command line.
   */
  readonly sha256: string;
  /** Those that were added, then the public ones, as PEM. */
  readonly bundle: Uint8Array;
  /** The bundle as a tar to be unpacked at "/" of a container, where it is then at CONTAINER_BUNDLE. */
  readonly tar: () => AsyncIterable<Uint8Array>;
}

/** Not below /run or /tmp, over which some engines and images mount something else. */
export const CONTAINER_BUNDLE = "/etc/slipway/ca.pem";

/** BuildKit takes no larger secrets (MaxSecretSize of moby/buildkit). */
const MOST_BYTES = 500 * 1024;

const PEM = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED )?CERTIFICATE-----/g;

/** @returns undefined where no files are named. Rejects with CertificateError, which names the file. */
export async function readCaCertificates(
  files: readonly string[],
  packFiles: PackFiles,
): Promise<CaCertificates | undefined> {
  if (files.length === 0) {
    return undefined;
  }
  const extra = new Map((await Promise.all(files.map(readCertificates))).flat());
  const known = new Set(extra.keys());
  const others = [...publicRoots()].flatMap(([fingerprint, pem]) => (known.has(fingerprint) ? [] : [pem]));
  const all = [...extra.values(), ...others];
  const bundle = Buffer.from(all.map((pem) => `${pem.trim()}\n`).join(""));
  if (bundle.length > MOST_BYTES) {
    throw new CertificateError(
      files.join(", "),
      `these are too many certificates: with the public ones they make ${String(bundle.length)} bytes, and builders take ` +
        `${String(MOST_BYTES)}. Name only your own authorities.`,
    );
  }
  return {
    sha256: createHash("sha256")
      .update([...known].sort().join("\n"))
      .digest("hex"),
    bundle,
    tar: () => packFiles([{ path: CONTAINER_BUNDLE.slice(1), content: bundle }]),
  };
}

/** Each with the fingerprint by which it is known. */
async function readCertificates(file: string): Promise<readonly (readonly [string, string])[]> {
  let text: string;
  try {
    text = (await readRegularFile(file)).toString("latin1");
  } catch (error) {
    throw new CertificateError(
      file,
      (error as NodeJS.ErrnoException).code === "ENOENT"
        ? "there is no such file."
        : `cannot be read (${messageOf(error)}).`,
      { cause: error },
    );
  }
  const found = text.match(PEM) ?? [];
  if (found.length === 0) {
    throw new CertificateError(
      file,
      'there is no certificate in it, which would begin with "-----BEGIN CERTIFICATE-----".',
    );
  }
  return found.map((pem, index) => {
    try {
      const certificate = new X509Certificate(pem);
      // Written anew, since some programs read nothing but the plain form.
      return [certificate.fingerprint256, certificate.toString()] as const;
    } catch (error) {
      throw new CertificateError(file, `its certificate ${String(index + 1)} is damaged (${messageOf(error)}).`, {
        cause: error,
      });
    }
  });
}

let roots: ReadonlyMap<string, string> | undefined;

/** Each under the fingerprint by which it is known. Reading them takes many milliseconds: it is done once. */
function publicRoots(): ReadonlyMap<string, string> {
  roots ??= new Map(rootCertificates.map((pem) => [new X509Certificate(pem).fingerprint256, pem]));
  return roots;
}
