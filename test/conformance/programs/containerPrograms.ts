import { canWrite } from "./canWrite";
import { program, shell } from "./ConformanceProgram";
import { whenAborted } from "./whenAborted";

const KILOBYTE = 1024;

/** What shows how a container was made. */
export const CONTAINER = {
  printGreeting: shell('printf "%s\\n" "$GREETING"', ({ write, env }) => {
    write("stdout", `${env["GREETING"] ?? ""}\n`);
    return 0;
  }),
  interruptible: shell(
    "trap 'echo interrupted; exit 9' INT; echo ready; while :; do sleep 0.1; done",
    async ({ write, signalled }) => {
      const interrupt = signalled("SIGINT");
      write("stdout", "ready\n");
      await whenAborted(interrupt);
      write("stdout", "interrupted\n");
      return 9;
    },
  ),
  words: program(["echo", "from the image"], ({ write }) => {
    write("stdout", "from the image\n");
    return 0;
  }),
  otherWords: program(["echo", "from", "the command"], ({ write }) => {
    write("stdout", "from the command\n");
    return 0;
  }),
  burns: shell("while :; do :; done", async ({ burnCpu }) => {
    burnCpu();
    return new Promise<never>(() => undefined);
  }),
  capabilities: program(["sed", "-n", "s/^CapEff:.//p", "/proc/self/status"], ({ write, spec }) => {
    write("stdout", spec?.privileged === true ? "000001ffffffffff\n" : "00000000a80425fb\n");
    return 0;
  }),
  processId: shell("echo $$", ({ write, spec }) => {
    write("stdout", spec?.init === true ? "7\n" : "1\n");
    return 0;
  }),
  writesToRoot: shell("echo made > /made && echo wrote || echo refused", ({ write, files }) => {
    write("stdout", canWrite(files, "/made", "made\n") ? "wrote\n" : "refused\n");
    return 0;
  }),
  interfaces: program(["sed", "-n", "3,$s/:.*//p", "/proc/net/dev"], ({ write, spec }) => {
    write("stdout", spec?.network === "none" ? "    lo\n" : "    lo\n  eth0\n");
    return 0;
  }),
  // At most 100 MB: where the limit is ignored, the machine must not suffer.
  allocate: program(["dd", "if=/dev/zero", "of=/dev/null", "bs=100M", "count=1"], async ({ spec, exhaustMemory }) =>
    (spec?.resources?.memoryBytes ?? Infinity) < 100 * KILOBYTE * KILOBYTE ? exhaustMemory() : 0,
  ),
  privileges: shell(
    "sed -n 's/[[:space:]].*slipway[.]test.*//p' /etc/hosts; sed -n 's/^CapEff:.//p; s/^Seccomp:.//p' /proc/self/status; " +
      "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu.max 2>/dev/null",
    ({ write, spec }) => {
      const address = spec?.extraHosts?.[0]?.replace(/^[^:]*:/, "") ?? "";
      const added = spec?.addCapabilities?.includes("SYS_PTRACE") === true ? 1 << 19 : 0;
      const usual = spec?.dropCapabilities?.includes("NET_RAW") === true ? 0 : 1 << 13;
      const seccomp = spec?.securityOptions?.includes("seccomp=unconfined") === true ? "0" : "2";
      const quota = String((spec?.resources?.cpus ?? 0) * 100_000);
      write("stdout", [address, (added | usual).toString(16), seccomp, quota, ""].join("\n"));
      return 0;
    },
  ),
  forks: shell("i=0; while [ $i -lt 30 ]; do sleep 2 & i=$((i+1)); done; echo all", ({ write, spec }) => {
    if ((spec?.resources?.pids ?? Infinity) <= 30) {
      write("stderr", "sh: can't fork\n");
      return 2;
    }
    write("stdout", "all\n");
    return 0;
  }),
  identity: shell("id -u; id -g", ({ write, user, files }) => {
    const entry = files
      .read("/etc/passwd")
      .toString("utf8")
      .split("\n")
      .find((line) => line.startsWith(`${user}:`));
    const [, , uid = "0", gid = "0"] = (
      entry ?? (user === "" ? "" : `::${user.includes(":") ? user : `${user}:0`}`)
    ).split(":");
    write("stdout", `${uid}\n${gid}\n`);
    return 0;
  }),
} as const;
