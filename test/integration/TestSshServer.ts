import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { descendantsOf } from "./processes";

/**
 * An sshd of the test's own on a free port of this machine, and an `ssh` to put before others on PATH, which knows it as
 * the host "engine" and nothing of the user's own keys, hosts and configuration. The sshd is SLIPWAY_TEST_SSHD, else the
 * machine's own.
 */
export class TestSshServer {
  /** A line for each login and each refusal since the start. */
  readonly log: string[] = [];
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(): Promise<TestSshServer> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-sshd-"));
    const server = new TestSshServer(folder, await freePort());
    await Promise.all(["host", "other-host", "user", "other-user"].map(async (name) => server.makeKey(name)));
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "bin/ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F '${folder}/ssh_config' "$@"\n`);
    await chmod(join(folder, "bin/ssh"), 0o755);
    await server.configure();
    if (process.getuid?.() === 0) {
      // Where root's sshd puts its unprivileged half; the package's service makes it when it starts.
      await mkdir("/run/sshd", { recursive: true });
    }
    await server.listen();
    return server;
  }

  /** A PATH on which our ssh comes first. */
  get path(): string {
    return [join(this.folder, "bin"), process.env["PATH"] ?? ""].join(delimiter);
  }

  /** How both sides are set up from now on; the server reads it with the next `listen`. */
  async configure(
    options: { readonly key?: string; readonly knownHost?: string; readonly ssh?: string; readonly sshd?: string } = {},
  ): Promise<void> {
    const { key = "user", knownHost = "host", ssh = "", sshd = "" } = options;
    const file = (name: string): string => join(this.folder, name);
    const hostKey = knownHost === "" ? "" : await readFile(file(`${knownHost}.pub`), "utf8");
    await writeFile(file("known_hosts"), hostKey === "" ? "" : `[127.0.0.1]:${String(this.port)} ${hostKey}`);
    await writeFile(file("authorized_keys"), await readFile(file("user.pub")));
    await writeFile(
      file("ssh_config"),
      `Host engine\nHostName 127.0.0.1\nPort ${String(this.port)}\nUser ${userInfo().username}\nIdentityFile ${file(key)}\n` +
        `IdentitiesOnly yes\nIdentityAgent none\nGlobalKnownHostsFile none\nUserKnownHostsFile ${file("known_hosts")}\n${ssh}\n`,
    );
    await writeFile(
      file("sshd_config"),
      `ListenAddress 127.0.0.1\nPort ${String(this.port)}\nHostKey ${file("host")}\nPidFile none\n` +
        `AuthorizedKeysFile ${file("authorized_keys")}\nPermitRootLogin yes\nUsePAM no\nStrictModes no\n` +
        `PasswordAuthentication no\nKbdInteractiveAuthentication no\nLogLevel VERBOSE\n${sshd}\n`,
    );
  }

  async listen(): Promise<void> {
    const child = spawn(
      process.env["SLIPWAY_TEST_SSHD"] ?? "/usr/sbin/sshd",
      ["-D", "-e", "-f", join(this.folder, "sshd_config")],
      {
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    this.child = child;
    const lines = createInterface({ input: child.stderr });
    await new Promise<void>((resolve, reject) => {
      lines.on("line", (line) => {
        this.log.push(line);
        if (line.startsWith("Server listening")) {
          resolve();
        }
      });
      child.once("exit", () => {
        reject(new Error(`sshd ended: ${this.log.join("\n")}`));
      });
    });
  }

  /** As when the machine is cut off: nothing listens any more, and every session ends. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const exited = once(child, "exit");
    for (const pid of [child.pid, ...descendantsOf(child.pid)]) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
    await exited;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async makeKey(name: string): Promise<void> {
    await promisify(execFile)("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(this.folder, name)]);
  }
}

/** A port of this machine on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
