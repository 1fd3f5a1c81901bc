import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { ContainerNotRunningError, ExecError } from "../errors/containerErrors";
import { decodeOutput } from "./decodeOutput";

/**
 * What the kernel counts for a container's control group (version 2, then 1), beside its limit: of a program that was
 * started with exec, engines do not tell. Without a limit it may be the counter of the whole machine that is seen.
 */
const SCRIPT = `
exec 2>/dev/null
for folder in /sys/fs/cgroup /sys/fs/cgroup/memory; do
  read -r limit < $folder/memory.max || read -r limit < $folder/memory.limit_in_bytes || continue
  case $limit in max|????????????????*) continue ;; esac
  for file in $folder/memory.events $folder/memory.oom_control; do
    { while read -r key value; do [ "$key" = oom_kill ] && echo "$value"; done; } < $file
  done
done
exit 0
`;

const OOM_COMMAND: readonly string[] = ["/bin/sh", "-c", SCRIPT];

/**
 * How many processes of a container were killed since it had reached its limit of memory: 0 where it has none, or where
 * nobody counts. Undefined where no program runs in it any more.
 */
export async function readOomKills(
  engine: ContainerEngine,
  containerId: string,
  { signal }: CallOptions = {},
): Promise<number | undefined> {
  const spec = { command: OOM_COMMAND, env: {}, workingDirectory: "/", user: undefined, tty: false, stdin: false };
  try {
    const program = await engine.exec(containerId, spec, { signal });
    try {
      let text = "";
      for await (const piece of decodeOutput(program.output)) {
        text += piece.text;
      }
      if ((await program.exitCode({ signal })) !== 0) {
        return undefined;
      }
      const [count = "0"] = /^\d+/.exec(text) ?? [];
      return Number(count);
    } finally {
      program.close();
    }
  } catch (error) {
    if (error instanceof ExecError || error instanceof ContainerNotRunningError) {
      return undefined;
    }
    throw error;
  }
}
