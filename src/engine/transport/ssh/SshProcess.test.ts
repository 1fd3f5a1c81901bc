import assert from "node:assert/strict";
import { FakeSsh, stateOf, until } from "./FakeSsh";
import { SshProcess } from "./SshProcess";

const FOR_EVER = "while :; do sleep 0.05; done";
const SOON = 0.05;
/** Longer than any test may take: what is over before that was not waited for. */
const NEVER = 60;

// A shell watches ssh, which Windows has not.
describe("SshProcess", () => {
  let fake: FakeSsh | undefined;
  afterEach(async () => {
    await fake?.remove();
    fake = undefined;
  });

  async function start(script: string, graceSeconds: number) {
    fake = await FakeSsh.write(script);
    const ssh = new SshProcess(fake.program, [], { folder: fake.folder, env: process.env, graceSeconds });
    return { ssh, script: fake, ...(await fake.whenReady()) };
  }

  for (const [what, text, graceSeconds] of [
    ["ends when it is told to", `ready; ${FOR_EVER}`, NEVER],
    ["ignores that", `trap '' TERM; ready; ${FOR_EVER}`, SOON],
    ["a wrapper waits for", `sleep 60 & ready $!; wait`, NEVER],
    ["a wrapper leaves behind", `sh -c "trap '' TERM; ${FOR_EVER}" & ready $!; wait`, NEVER],
  ] as const) {
    it(`stops an ssh that ${what}, and removes its folder`, async () => {
      const { ssh, script, pid } = await start(text, graceSeconds);
      await ssh.stop();
      assert.ok(ssh.isOver && !script.folderExists);
      await until(() => stateOf(pid) === "", "ssh has ended");
    });
  }

  for (const alsoWatcher of [false, true]) {
    it(`stops an ssh that is suspended${alsoWatcher ? ", as is its watcher" : ""}`, async () => {
      const { ssh, script, pid, watcher } = await start("ready; kill -STOP $$", SOON);
      await until(() => stateOf(pid).startsWith("T"), "ssh is suspended");
      if (alsoWatcher) {
        process.kill(watcher, "SIGSTOP");
      }
      await ssh.stop();
      assert.ok(ssh.isOver && !script.folderExists);
      await until(() => stateOf(pid) === "", "ssh has ended");
    });
  }

  it("ends ssh when its watcher was killed", async () => {
    const { ssh, script, pid, watcher } = await start(`ready; ${FOR_EVER}`, NEVER);
    process.kill(watcher, "SIGKILL");
    await ssh.ended();
    assert.ok(ssh.isOver && !script.folderExists);
    await until(() => stateOf(pid) === "", "ssh has ended");
  });

  it("keeps the last words of an ssh that ends", async () => {
    const { ssh, script } = await start("echo 'no route' >&2; ready", NEVER);
    await ssh.ended();
    assert.equal(ssh.stderr, "no route\n");
    assert.ok(!script.folderExists);
    await ssh.stop();
  });
});
