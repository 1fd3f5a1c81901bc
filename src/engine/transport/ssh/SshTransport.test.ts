import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TransportError } from "../TransportError";
import { SshTransport, type SshOptions } from "./SshTransport";

const address = { kind: "ssh", host: "h", user: undefined, port: undefined, socketPath: undefined } as const;

// A shell runs ssh, which Windows has not; there the transport says that it cannot be used.
describe("SshTransport", () => {
  let folder: string;
  let transport: SshTransport | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-fake-ssh-"));
  });
  afterEach(async () => {
    await transport?.close();
    transport = undefined;
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith("slipway-ssh-")),
      [],
    );
    await rm(folder, { recursive: true });
  });

  /** A transport whose ssh is this shell script. It counts its starts in the file "starts". */
  async function withSsh(script: string, more: Partial<SshOptions> = {}): Promise<SshTransport> {
    const program = join(folder, "ssh");
    await writeFile(program, `#!/bin/sh\necho >>'${folder}/starts'\n${script}\n`);
    await chmod(program, 0o755);
    transport = new SshTransport(address, {
      ...{ agent: new Agent(), platform: "linux", temporaryFolder: folder, env: () => process.env },
      ...{ findSsh: () => program, ...more },
    });
    return transport;
  }
  const starts = async (): Promise<number> => (await readFile(join(folder, "starts"), "utf8")).length;
  const fails = async (ready: Promise<void>, problem: string, words: RegExp): Promise<void> => {
    const error: unknown = await ready.catch((reason: unknown) => reason);
    assert.ok(error instanceof TransportError, String(error));
    assert.equal(error.problem, problem);
    assert.match(error.detail, words);
  };

  it("tells the last words of an ssh that ends, and starts it again the next time", async () => {
    const ssh = await withSsh("echo 'ssh: connect to host h port 22: Connection refused' >&2; exit 255");
    await Promise.all([fails(ssh.ready(), "no-answer", /refused/), fails(ssh.ready(), "no-answer", /refused/)]);
    assert.equal(await starts(), 1);
    await fails(ssh.ready(), "no-answer", /refused/);
    assert.equal(await starts(), 2);
  });

  it("does not ask again soon after a login that was refused", async () => {
    const ssh = await withSsh("echo 'h: Permission denied (publickey).' >&2; exit 255");
    await fails(ssh.ready(), "login-refused", /Permission denied/);
    await fails(ssh.ready(), "login-refused", /Permission denied/);
    assert.equal(await starts(), 1);
  });

  it("says so when it is closed while ssh does not get on, and ends ssh", async () => {
    const ssh = await withSsh("exec sleep 60");
    const waiting = fails(ssh.ready(), "no-answer", /was closed/);
    await ssh.close();
    await waiting;
    await fails(ssh.ready(), "no-answer", /was closed/);
  });

  it("gives up with the signal's reason", async () => {
    const reason = new Error("enough");
    const ssh = await withSsh("exec sleep 60");
    await assert.rejects(ssh.ready(AbortSignal.abort(reason)), reason);
    const controller = new AbortController();
    const waiting = assert.rejects(ssh.ready(controller.signal), reason);
    controller.abort(reason);
    await waiting;
  });

  it("says that there is no ssh", async () => {
    const ssh = await withSsh("", { findSsh: () => undefined });
    await fails(ssh.ready(), "no-program", /no ssh on PATH; install/);
  });

  it("says that Windows cannot", async () => {
    const ssh = await withSsh("", { platform: "win32" });
    await fails(ssh.ready(), "no-program", /use WSL, or TLS/);
  });

  it("says that there is no place for its sockets", async () => {
    const ssh = await withSsh("exit 1", { temporaryFolder: join(folder, "none") });
    await fails(ssh.ready(), "no-answer", /no folder can be made for ssh's sockets \(ENOENT/);
  });

  it("can be closed without having been used", async () => {
    const ssh = await withSsh("exit 1");
    await ssh.close();
  });
});
