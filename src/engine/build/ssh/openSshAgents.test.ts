import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildSshSource } from "../../../core/config/WorkspaceConfiguration";
import { BuildSshError } from "../../../core/errors/imageErrors";
import { FakeSshAgent } from "../../../../test/fake/FakeSshAgent";
import { fakeEnvironment } from "../../discovery/fakeEnvironment";
import type { EndpointEnvironment } from "../../discovery/EndpointEnvironment";
import { openSshAgents, type SshAgents } from "./openSshAgents";

describe("openSshAgents", () => {
  let agent: FakeSshAgent;
  let folder: string;

  beforeEach(async () => {
    agent = await FakeSshAgent.listen();
    folder = await mkdtemp(join(tmpdir(), "slipway-agents-"));
  });
  afterEach(async () => {
    await agent.close();
    await rm(folder, { recursive: true });
  });

  const open = async (
    sources: readonly BuildSshSource[],
    environment: Partial<EndpointEnvironment> = {},
    signal?: AbortSignal,
  ): Promise<SshAgents> =>
    openSshAgents(sources, { environment: fakeEnvironment({ temporaryFolder: folder, ...environment }), signal });
  const refuses = async (
    expected: RegExp,
    sources: readonly BuildSshSource[],
    environment: Partial<EndpointEnvironment> = {},
  ): Promise<void> => {
    await assert.rejects(open(sources, environment), (error) => {
      assert.ok(error instanceof BuildSshError, String(error));
      assert.match(error.message, expected);
      assert.ok(error.message.includes(`"${error.id}"`), error.message);
      return true;
    });
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith("slipway-")),
      [],
    );
  };

  it("takes the agent of SSH_AUTH_SOCK, and agents by their sockets", async () => {
    const agents = await open(
      [
        { id: "default", paths: [] },
        { id: "other", paths: [agent.socket] },
      ],
      { env: { SSH_AUTH_SOCK: agent.socket } },
    );
    assert.deepEqual(
      [...agents.sockets],
      [
        ["default", agent.socket],
        ["other", agent.socket],
      ],
    );
    await agents.close();
  });

  it("opens nothing where nothing is asked for", async () => {
    const agents = await open([]);
    assert.equal(agents.sockets.size, 0);
    await agents.close();
  });

  it("says what to do when no agent is known", async () => {
    await refuses(/SSH_AUTH_SOCK is not set/, [{ id: "default", paths: [] }]);
    await refuses(/SSH_AUTH_SOCK is not set/, [{ id: "default", paths: [] }], { env: { SSH_AUTH_SOCK: "" } });
  });

  it("refuses an agent that does not answer", async () => {
    const gone = join(folder, "gone");
    await refuses(/no agent answers at .*gone/, [{ id: "default", paths: [] }], { env: { SSH_AUTH_SOCK: gone } });
    await refuses(/pipe.*openssh-ssh-agent/, [{ id: "default", paths: [] }], { platform: "win32" });
  });

  it("refuses paths that are nothing, a folder, or a socket among others", async () => {
    await refuses(/missing cannot be read/, [{ id: "a", paths: [join(folder, "missing")] }]);
    await refuses(/neither/, [{ id: "b", paths: [folder] }]);
    await writeFile(join(folder, "key"), "key");
    await refuses(/stands alone/, [{ id: "c", paths: [join(folder, "key"), agent.socket] }]);
  });

  it("refuses an ID that is there twice", async () => {
    await refuses(/twice/, [
      { id: "a", paths: [agent.socket] },
      { id: "a", paths: [agent.socket] },
    ]);
  });

  it("refuses files with keys where there is no ssh-agent, and on Windows", async () => {
    const key = join(folder, "key");
    await writeFile(key, "key");
    await refuses(/not on PATH/, [{ id: "a", paths: [key] }], { env: { PATH: folder } });
    await refuses(/on Windows/, [{ id: "a", paths: [key] }], { platform: "win32" });
  });

  it("refuses a key that is far too large", async () => {
    const key = join(folder, "key");
    await writeFile(key, Buffer.alloc(200_000));
    await refuses(/too large/, [{ id: "a", paths: [key] }], { env: { PATH: "/bin" }, isProgram: () => true });
  });

  it("ends with the signal's reason", async () => {
    const reason = new Error("changed my mind");
    await assert.rejects(open([{ id: "a", paths: [agent.socket] }], {}, AbortSignal.abort(reason)), reason);
  });
});
