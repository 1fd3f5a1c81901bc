import { createHash } from "node:crypto";
import type { TlsFiles, TlsMaterial } from "../../core/ports/EngineEndpoint";

/** TLS material whose files are seen neither by JSON.stringify nor by util.inspect, nor copied with its properties. */
export class PemTlsMaterial implements TlsMaterial {
  readonly skipVerify: boolean;
  readonly id: string;
  readonly #files: TlsFiles;

  constructor({ skipVerify, ca, cert, key }: TlsFiles & { readonly skipVerify: boolean }) {
    this.skipVerify = skipVerify;
    this.#files = { ca, cert, key };
    const texts = JSON.stringify([ca ?? null, cert ?? null, key ?? null]);
    this.id = createHash("sha256").update(texts).digest("hex").slice(0, 16);
  }

  files(): TlsFiles {
    return this.#files;
  }
}
