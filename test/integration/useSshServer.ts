import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { EngineLostError, type EngineProblem } from "../../src/core/errors/engineErrors";
import type { EngineAddress } from "../../src/core/ports/EngineEndpoint";
import { EngineConnection, type StreamRequest } from "../../src/engine/EngineConnection";
import { processesWith } from "./processes";
import { testEngines } from "./testEngines";
import { TestSshServer } from "./TestSshServer";

type SshAddress = EngineAddress & { readonly kind: "ssh" };

/** The socket of the engine that the tests reach through ssh. */
export const engineSocket = (testEngines()[0]?.address ?? "").replace(/^unix:\/\//, "");
export const ping: StreamRequest = { method: "GET", path: "/_ping", during: "asking" };

/**
 * For the tests of a `describe`: an ssh server as the host "engine", whose ssh is the first on PATH, and a folder of its
 * own for tunnels, so that what is left of one can be told from what others have. After each test, nothing may be left.
 */
export function useSshServer() {
  const { PATH: path, TMPDIR: temporary } = process.env;
  const connections: EngineConnection[] = [];
  let server: TestSshServer | undefined;
  let folder = "";

  const its = (): TestSshServer => {
    assert.ok(server !== undefined);
    return server;
  };
  const processes = (): readonly number[] => processesWith(join(folder, "slipway-ssh-"));
  const folders = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith("slipway-ssh-"));
  const isGone = (): boolean => processes().length === 0 && folders().length === 0;
  const lines = (start: string): number => its().log.filter((line) => line.startsWith(start)).length;
  const address = (more: Partial<SshAddress> = {}): SshAddress => ({
    ...{ kind: "ssh", host: "engine", user: undefined, port: undefined, socketPath: engineSocket },
    ...more,
  });
  /** Closed after the test. */
  const open = (more: Partial<SshAddress> = {}): EngineConnection => {
    const connection = new EngineConnection(address(more));
    connections.push(connection);
    return connection;
  };

  before(async () => {
    server = await TestSshServer.start();
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
    await server?.remove();
  });
  beforeEach(async () => {
    process.env["PATH"] = its().path;
    await its().configure();
    its().log.splice(0);
  });
  afterEach(async () => {
    await Promise.all(connections.splice(0).map(async (connection) => connection.close()));
    await until(isGone, "nothing is left of any tunnel");
  });

  return {
    server: its,
    address,
    open,
    /** Those that belong to a tunnel: ssh, what watches it, and what stands between them. */
    processes,
    /** Of tunnels. */
    folders,
    isGone,
    logins: (): number => lines("Accepted publickey"),
    attempts: (): number => lines("Connection from"),
  };
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await delay(20);
  }
}

/** That ssh has ended is known here a moment after it has: until then, a request finds no socket. */
export async function noticed(connection: EngineConnection): Promise<void> {
  const isNoSocket = (error: unknown): boolean => error instanceof EngineLostError && error.problem === undefined;
  for (let lost: unknown = "unknown"; lost === "unknown" || isNoSocket(lost);) {
    lost = await connection.text(ping).catch((error: unknown) => error);
  }
}

export async function isLost(promise: Promise<unknown>, problem: EngineProblem, words: RegExp): Promise<void> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  assert.ok(error instanceof EngineLostError, String(error));
  assert.equal(error.problem, problem, error.message);
  assert.match(error.message, words);
}
