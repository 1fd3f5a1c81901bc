import assert from "node:assert/strict";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { EngineLostError } from "../../src/core/errors/engineErrors";
import { connectEngine } from "../../src/engine/discovery/connectEngine";
import { processesWith } from "./processes";
import { isLost, noticed, ping, until, useSshServer } from "./useSshServer";

describe("an engine behind ssh that is lost", () => {
  const { server, address, open, processes, folders, isGone, logins } = useSshServer();
  /** The ssh itself of a tunnel, and not what has started it. */
  const sshs = (): readonly number[] => {
    const ours = new Set(processes());
    return processesWith("/usr/bin/ssh\0-F").filter((pid) => ours.has(pid));
  };

  it("is so in the middle of a stream, and is there again when the other machine is", async () => {
    const connection = open();
    const events = await connection.stream({ method: "GET", path: "/events", during: "watching" });
    const watching = (async () => {
      for await (const chunk of events) {
        assert.ok(chunk.length > 0);
      }
    })();
    const lost = assert.rejects(watching, EngineLostError);
    await server().kill();
    await lost;
    await until(isGone, "ssh notices");
    await noticed(connection);
    await isLost(connection.text(ping), "no-answer", /engine cannot be reached with ssh .*Connection refused/);
    await server().listen();
    assert.equal(await connection.text(ping), "OK");
  });

  it("is reached again when ssh was killed", async () => {
    const connection = open();
    assert.equal(await connection.text(ping), "OK");
    for (const pid of sshs()) {
      process.kill(pid, "SIGKILL");
    }
    await until(isGone, "the folder of the tunnel is removed");
    await noticed(connection);
    assert.equal(await connection.text(ping), "OK");
    assert.equal(logins(), 2);
  });

  describe("because of an ssh that does not get on,", () => {
    it("is closed all the same when that is suspended", async () => {
      const connection = open();
      assert.equal(await connection.text(ping), "OK");
      const [pid] = sshs();
      assert.ok(pid !== undefined);
      process.kill(pid, "SIGSTOP");
      await connection.close();
      await until(isGone, "ssh has ended");
    });

    it("is given up all the same while it is being connected to", async () => {
      await server().configure({ ssh: "ProxyCommand sleep 60" });
      const reason = new Error("enough");
      const controller = new AbortController();
      const explicit = { address: "ssh://engine", source: "--engine" };
      const connecting = assert.rejects(connectEngine({ explicit, signal: controller.signal }), reason);
      await until(() => sshs().length > 0, "ssh has been started");
      for (const pid of sshs()) {
        process.kill(pid, "SIGSTOP");
      }
      controller.abort(reason);
      await connecting;
      await until(isGone, "ssh has ended");
    });

    it("leaves nothing when that is behind a wrapper", async () => {
      const folder = await mkdtemp(join(tmpdir(), "slipway-wrapper-"));
      try {
        const wrapper = join(folder, "ssh");
        await writeFile(wrapper, `#!/bin/sh\nPATH='${server().path}'\nssh "$@"\nexit "$?"\n`);
        await chmod(wrapper, 0o755);
        process.env["PATH"] = [folder, server().path].join(delimiter);
        const connection = open();
        assert.equal(await connection.text(ping), "OK");
        await connection.close();
        await until(isGone, "ssh has ended");
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });

  describe("with the process that uses it:", () => {
    /** Asks once, says what was answered, and then does what `end` says. */
    const start = (end: string): ChildProcessByStdio<null, Readable, null> =>
      spawn(
        process.execPath,
        [
          ...["--import", "tsx", "--eval"],
          `const { EngineConnection } = require(${JSON.stringify(join(process.cwd(), "src/engine/EngineConnection.ts"))});
           const connection = new EngineConnection(${JSON.stringify(address())});
           connection.text({ method: "GET", path: "/_ping", during: "asking" }).then(console.log);
           ${end}`,
        ],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
    const FOR_EVER = "setInterval(() => undefined, 1000);";

    it("one can end without closing it", async () => {
      const child = start("");
      const [data, code] = await Promise.all([once(child.stdout, "data"), once(child, "exit")]);
      assert.equal(String(data), "OK\n");
      assert.deepEqual(code, [0, null]);
      await until(isGone, "ssh ends");
    });

    it("one that is killed takes ssh along", async () => {
      const child = start(FOR_EVER);
      const exited = once(child, "exit");
      await once(child.stdout, "data");
      assert.equal(folders().length, 1);
      child.kill("SIGKILL");
      await exited;
      await until(isGone, "ssh ends");
    });

    it("one that is killed before ssh has logged in, too", async () => {
      await server().configure({ ssh: "ProxyCommand sleep 60" });
      const child = start(FOR_EVER);
      const exited = once(child, "exit");
      await until(() => sshs().length > 0, "ssh has been started");
      child.kill("SIGKILL");
      await exited;
      await until(isGone, "ssh ends");
    });
  });
});
