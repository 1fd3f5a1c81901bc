import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { EngineLostError, EngineUnavailableError, type EngineProblem } from "../../src/core/errors";
import type { EngineAddress } from "../../src/core/ports/EngineEndpoint";
import { connectEngine } from "../../src/engine/discovery/connectEngine";
import { EngineConnection, type StreamRequest } from "../../src/engine/EngineConnection";
import { processesWith } from "./processes";
import { testEngines } from "./testEngines";
import { freePort, TestSshServer } from "./TestSshServer";

const socketPath = (testEngines()[0]?.address ?? "").replace(/^unix:\/\//, "");
const ping: StreamRequest = { method: "GET", path: "/_ping", during: "asking" };

describe("an engine behind ssh", () => {
  const { PATH: path, TMPDIR: temporary } = process.env;
  let server: TestSshServer;
  let folder: string;
  const connections: EngineConnection[] = [];

  before(async () => {
    server = await TestSshServer.start();
    process.env["PATH"] = server.path;
    // Tunnels have their folders here, so that what is left of one can be told from what others have.
    process.env["TMPDIR"] = folder = await mkdtemp(join(tmpdir(), "slipway-tunnels-"));
  });
  after(async () => {
    process.env["PATH"] = path;
    if (temporary === undefined) {
      delete process.env["TMPDIR"];
    } else {
      process.env["TMPDIR"] = temporary;
    }
    await rm(folder, { recursive: true, force: true });
    await server.remove();
  });
  beforeEach(async () => {
    await server.configure();
    server.log.splice(0);
  });
  afterEach(async () => {
    await Promise.all(connections.splice(0).map(async (connection) => connection.close()));
    await until(isGone, "nothing is left of any tunnel");
  });

  const address = (more: Partial<EngineAddress & { readonly kind: "ssh" }> = {}): EngineAddress => ({
    ...{ kind: "ssh", host: "engine", user: undefined, port: undefined, socketPath },
    ...more,
  });
  function open(more: Parameters<typeof address>[0] = {}): EngineConnection {
    const connection = new EngineConnection(address(more));
    connections.push(connection);
    return connection;
  }
  const folders = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith("slipway-ssh-"));
  const isGone = (): boolean => processesWith(join(folder, "slipway-ssh-")).length === 0 && folders().length === 0;
  const logins = (): number => server.log.filter((line) => line.startsWith("Accepted publickey")).length;
  const attempts = (): number => server.log.filter((line) => line.startsWith("Connection from")).length;
  async function until(condition: () => boolean, what: string): Promise<void> {
    const end = Date.now() + 10_000;
    while (!condition()) {
      assert.ok(Date.now() < end, `waited in vain: ${what}`);
      await delay(20);
    }
  }
  /** That ssh has ended is known here a moment after it has: until then, a request finds no socket. */
  async function noticed(connection: EngineConnection): Promise<void> {
    const isNoSocket = (error: unknown): boolean => error instanceof EngineLostError && error.problem === undefined;
    for (let lost: unknown = "unknown"; lost === "unknown" || isNoSocket(lost);) {
      lost = await connection.text(ping).catch((error: unknown) => error);
    }
  }
  async function isLost(promise: Promise<unknown>, problem: EngineProblem, words: RegExp): Promise<void> {
    const error: unknown = await promise.catch((reason: unknown) => reason);
    assert.ok(error instanceof EngineLostError, String(error));
    assert.equal(error.problem, problem, error.message);
    assert.match(error.message, words);
  }

  it("answers many requests at the same time through one login, in a folder that is closed to others", async () => {
    const connection = open();
    const answers = await Promise.all(Array.from({ length: 5 }, async () => connection.text(ping)));
    assert.deepEqual(answers, ["OK", "OK", "OK", "OK", "OK"]);
    assert.equal(await connection.text(ping), "OK");
    assert.equal(logins(), 1);
    const { target } = connection;
    assert.ok("socketPath" in target);
    assert.equal(statSync(dirname(target.socketPath)).mode & 0o777, 0o700);
  });

  it("is found, and answers dockerode, too", async () => {
    const explicit = { address: `ssh://engine${socketPath}`, source: "--engine" };
    const engine = await connectEngine({ explicit });
    assert.deepEqual(engine.endpoint, { address: address(), source: "--engine" });
    assert.ok((await engine.listImages({ labels: {} })).length > 0);
    await engine.close();
  });

  it("leaves the forwards of ~/.ssh/config to the user's own sessions", async () => {
    const port = await freePort();
    await server.configure({ ssh: `LocalForward 127.0.0.1:${String(port)} localhost:1` });
    assert.equal(await open().text(ping), "OK");
    const socket = connect(port, "127.0.0.1");
    await assert.rejects(once(socket, "connect"), { code: "ECONNREFUSED" });
  });

  it("is lost when the other machine is, in the middle of a stream, and is there again when that is", async () => {
    const connection = open();
    const events = await connection.stream({ method: "GET", path: "/events", during: "watching" });
    const watching = (async () => {
      for await (const chunk of events) {
        assert.ok(chunk.length > 0);
      }
    })();
    const lost = assert.rejects(watching, EngineLostError);
    await server.kill();
    await lost;
    await until(isGone, "ssh notices");
    await noticed(connection);
    await isLost(connection.text(ping), "no-answer", /engine cannot be reached with ssh .*Connection refused/);
    await server.listen();
    assert.equal(await connection.text(ping), "OK");
  });

  it("starts ssh again when that was killed", async () => {
    const connection = open();
    assert.equal(await connection.text(ping), "OK");
    for (const pid of processesWith("/usr/bin/ssh -F".replaceAll(" ", "\0"))) {
      process.kill(pid, "SIGKILL");
    }
    await until(isGone, "the folder of the tunnel is removed");
    await noticed(connection);
    assert.equal(await connection.text(ping), "OK");
    assert.equal(logins(), 2);
  });

  it("does not answer any more once it is closed, nor does it log in again", async () => {
    const connection = open();
    assert.equal(await connection.text(ping), "OK");
    await connection.close();
    await isLost(connection.text(ping), "no-answer", /was closed/);
    assert.equal(logins(), 1);
  });

  it("ends with the signal's reason when one who waits gives up, while others go on waiting", async () => {
    const connection = open();
    const reason = new Error("enough");
    const controller = new AbortController();
    const other = connection.text(ping);
    const impatient = connection.text({ ...ping, signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(impatient, reason);
    assert.equal(await other, "OK");
    assert.equal(logins(), 1);
  });

  it("is closed while it is being reached", async () => {
    const connection = open();
    const asking = connection.text(ping);
    const lost = assert.rejects(asking, EngineLostError);
    await delay(50);
    await connection.close();
    await lost;
  });

  describe("is not used, and the reason is told,", () => {
    it("when its host key is not known; it is not asked again and again", async () => {
      await server.configure({ knownHost: "" });
      const connection = open();
      const advice = /the host key of engine is not known; run "ssh engine" once in a terminal to accept it\.$/;
      await isLost(connection.text(ping), "login-refused", advice);
      await isLost(connection.text(ping), "login-refused", advice);
      assert.equal(attempts(), 1);
      await server.configure();
      assert.equal(await open().text(ping), "OK");
    });

    it("when its host key is another one than before", async () => {
      await server.configure({ knownHost: "other-host" });
      await isLost(open().text(ping), "login-refused", /host key of engine has changed since it was accepted/);
    });

    it("when it refuses the key", async () => {
      await server.configure({ key: "other-user" });
      const connection = open({ user: userInfo().username });
      const advice = /engine refuses the login \(.*Permission denied \(publickey\)\.\); run "ssh \w+@engine" once/;
      await isLost(connection.text(ping), "login-refused", advice);
      await isLost(connection.text(ping), "login-refused", advice);
      assert.equal(attempts(), 1);
    });

    it("when no host has this name", async () => {
      await isLost(open({ host: "no-such-host.invalid" }).text(ping), "unknown-host", /no host named no-such-host/);
    });

    it("when nothing listens there", async () => {
      await server.kill();
      try {
        await isLost(open().text(ping), "no-answer", /cannot be reached with ssh .*Connection refused/);
      } finally {
        await server.listen();
      }
    });

    it("when there is no such socket over there", async () => {
      const text = /nothing answers at \/no\/such\.sock on engine: no engine listens there/;
      await isLost(open({ socketPath: "/no/such.sock" }).text(ping), "not-found", text);
    });

    it("when its ssh server forwards no sockets", async () => {
      await server.kill();
      await server.configure({ sshd: "AllowStreamLocalForwarding no" });
      await server.listen();
      try {
        await isLost(open().text(ping), "not-found", /AllowStreamLocalForwarding/);
      } finally {
        await server.kill();
        await server.configure();
        await server.listen();
      }
    });

    it("as an attempt with what to do", async () => {
      await server.configure({ knownHost: "" });
      const error: unknown = await connectEngine({ explicit: { address: "ssh://engine", source: "--engine" } }).catch(
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof EngineUnavailableError, String(error));
      assert.equal(error.action, "login");
      assert.equal(error.attempts[0]?.problem, "login-refused");
    });
  });

  describe("and a process that uses it", () => {
    /** Asks once, and then does what `end` says. */
    const program = (end: string): readonly string[] => [
      ...["--import", "tsx", "--eval"],
      `const { EngineConnection } = require(${JSON.stringify(join(process.cwd(), "src/engine/EngineConnection.ts"))});
       const connection = new EngineConnection(${JSON.stringify(address())});
       connection.text({ method: "GET", path: "/_ping", during: "asking" }).then(console.log);
       ${end}`,
    ];

    it("can end without closing it", async () => {
      const child = spawn(process.execPath, program(""), { stdio: ["ignore", "pipe", "inherit"] });
      const [data, code] = await Promise.all([once(child.stdout, "data"), once(child, "exit")]);
      assert.equal(String(data), "OK\n");
      assert.deepEqual(code, [0, null]);
      await until(isGone, "ssh ends");
    });

    it("takes ssh along when it is killed", async () => {
      const child = spawn(process.execPath, program("setInterval(() => undefined, 1000);"), {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const exited = once(child, "exit");
      await once(child.stdout, "data");
      assert.equal(folders().length, 1);
      child.kill("SIGKILL");
      await exited;
      await until(isGone, "ssh ends");
    });
  });

  it("reaches what it forwards only through the folder of its own", async () => {
    const connection = open();
    await connection.ready();
    const { target } = connection;
    assert.ok("socketPath" in target);
    const socket = connect(target.socketPath);
    await once(socket, "connect");
    assert.equal(statSync(target.socketPath).mode & 0o077, 0);
    socket.destroy();
  });
});
