import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Certificate } from "./TestCertificates";

/** A TLS server of openssl's, which tells a client why it refuses its certificate, as engines do. */
export class OpensslServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async listen(options: Certificate & { readonly ca: string }): Promise<OpensslServer> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-openssl-"));
    const file = async (name: "ca" | "cert" | "key"): Promise<string> => {
      await writeFile(join(folder, name), options[name]);
      return join(folder, name);
    };
    const child = spawn(
      "openssl",
      [
        ...["s_server", "-accept", "127.0.0.1:0", "-www", "-Verify", "1", "-verify_return_error"],
        ...["-CAfile", await file("ca"), "-cert", await file("cert"), "-key", await file("key")],
      ],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    for await (const line of createInterface({ input: child.stdout })) {
      const [, port] = /^ACCEPT .*:(\d+)$/.exec(line) ?? [];
      if (port !== undefined) {
        child.stdout.resume();
        return new OpensslServer(child, folder, Number(port));
      }
    }
    throw new Error("openssl s_server did not start");
  }

  async close(): Promise<void> {
    const exited = once(this.child, "exit");
    this.child.kill();
    await exited;
    await rm(this.folder, { recursive: true, force: true });
  }
}
