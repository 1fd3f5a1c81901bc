import { createHash } from "node:crypto";
import { runScript } from "./ConformanceProgram";
import { whenAborted } from "./whenAborted";

/** By which the process is known. */
export const WAITS_SECONDS = "86017";

/** What RUN instructions run. */
export const BUILD = {
  fails: runScript("echo before && echo wrong >&2 && exit 4", ({ write }) => {
    write("stdout", "before\nwrong\n");
    return 4;
  }),
  waits: runScript(`echo waiting && sleep ${WAITS_SECONDS}`, async ({ terminate }) => {
    await whenAborted(terminate);
    return 143;
  }),
  fine: runScript("echo building", ({ write }) => {
    write("stdout", "building\n");
    return 0;
  }),
  touches: runScript("date > /date", ({ files }) => {
    files.write("/date", new Date().toISOString());
    return 0;
  }),
  greets: runScript('echo "hello $WHO"', ({ write, env }) => {
    write("stdout", `hello ${env["WHO"] ?? ""}\n`);
    return 0;
  }),
  addsUser: runScript("echo tester:x:1234:1235::/tmp:/bin/sh >> /etc/passwd", ({ files }) => {
    files.write("/etc/passwd", `${files.read("/etc/passwd").toString("utf8")}tester:x:1234:1235::/tmp:/bin/sh\n`);
    return 0;
  }),
  network: runScript("echo interfaces: $(grep -c : /proc/net/dev)", ({ write, build }) => {
    write("stdout", `interfaces: ${build?.network === "none" ? "1" : "2"}\n`);
    return 0;
  }),
  hosts: runScript("grep slipway-host /etc/hosts || echo nothing", ({ write, build }) => {
    const hosts = Object.entries(build?.extraHosts ?? {}).map(([name, address]) => `${address}\t${name}\n`);
    write("stdout", hosts.join("") || "nothing\n");
    return 0;
  }),
  secret: runScript("sha256sum /run/secrets/*", ({ write, build }) => {
    for (const [id, content] of build?.secrets ?? []) {
      write("stdout", `${createHash("sha256").update(content).digest("hex")}  /run/secrets/${id}\n`);
    }
    return 0;
  }),
  agent: runScript('test -S "$SSH_AUTH_SOCK" && echo an agent', ({ write, build }) => {
    write("stdout", (build?.ssh ?? []).length > 0 ? "an agent\n" : "");
    return (build?.ssh ?? []).length > 0 ? 0 : 1;
  }),
  text: runScript(
    "printf 'na\\303'; sleep 0.3; printf '\\257ve \\346\\227'; sleep 0.3; printf '\\245\\n'",
    ({ write }) => {
      for (const piece of [
        Buffer.from("6e61c3", "hex"),
        Buffer.from("af766520e697", "hex"),
        Buffer.from("a50a", "hex"),
      ]) {
        write("stdout", piece);
      }
      return 0;
    },
  ),
  true: runScript("true", () => 0),
} as const;
