import assert from "node:assert/strict";
import { findProgram } from "./findProgram";

describe("findProgram", () => {
  const files = ["/usr/bin/ssh", "/opt/bin/ssh", "./bin/ssh", "C:\\OpenSSH\\ssh.exe"];
  const isProgram = (path: string): boolean => files.includes(path);

  for (const [platform, PATH, expected] of [
    ["linux", "/opt/bin:/usr/bin", "/opt/bin/ssh"],
    ["linux", "/none::/usr/bin", "/usr/bin/ssh"],
    ["linux", "./bin:bin", undefined],
    ["linux", "", undefined],
    ["linux", undefined, undefined],
    ["win32", "D:\\x;C:\\OpenSSH", "C:\\OpenSSH\\ssh.exe"],
  ] as const) {
    it(`finds ${String(expected)} on ${String(PATH)} (${platform})`, () => {
      assert.equal(findProgram("ssh", { platform, env: { PATH }, isProgram }), expected);
    });
  }
});
