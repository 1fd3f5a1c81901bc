import { spawn } from "node:child_process";
import { FakeSsh, stateOf, until } from "./FakeSsh";
import { WATCH_SCRIPT } from "./watchScript";

describe("WATCH_SCRIPT", () => {
  for (const [what, script] of [
    ["ends of the signal", "ready; exec sleep 60"],
    ["ignores the signal", "trap '' TERM; ready; while :; do sleep 0.05; done"],
    ["complains", "trap 'echo going >&2; exit 1' TERM; ready; while :; do sleep 0.05; done"],
  ] as const) {
    it(`leaves nothing of an ssh that ${what} once the process that has started it is gone`, async () => {
      const fake = await FakeSsh.write(script);
      try {
        const watcher = spawn("/bin/sh", ["-c", WATCH_SCRIPT, "sh", fake.folder, "0.1", fake.program], {
          stdio: ["pipe", "ignore", "pipe"],
          detached: true,
        });
        const { pid } = await fake.whenReady();
        // As the system does it for a process that has died: nobody reads stderr any more, either.
        watcher.stderr.destroy();
        watcher.stdin.destroy();
        await until(() => !fake.folderExists, "the folder is removed");
        await until(() => stateOf(pid) === "", "ssh has ended");
      } finally {
        await fake.remove();
      }
    });
  }
});
