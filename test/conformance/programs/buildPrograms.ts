import { runScript } from "./ConformanceProgram";
import { whenAborted } from "./whenAborted";

/** What RUN instructions run. */
export const BUILD = {
  fails: runScript("echo before && echo wrong >&2 && exit 4", ({ write }) => {
    write("stdout", "before\nwrong\n");
    return 4;
  }),
  waits: runScript("echo waiting && sleep 300", async ({ terminate }) => {
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
} as const;
