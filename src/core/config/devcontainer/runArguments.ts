import type { RunSection } from "../runSection";
import { splitArguments, type DockerOption } from "./splitArguments";

/** One option, and what it says in the words of slipway.json; undefined where that has no word for it. */
export interface RunArgument {
  readonly option: DockerOption;
  readonly section: RunSection | undefined;
}

const SWITCHES = ["init", "privileged", "read-only", "rm", "detach", "interactive", "tty", "publish-all"];

/** @param env of the process: for --env with a name only. */
export function runArguments(words: readonly string[], env: NodeJS.ProcessEnv): readonly RunArgument[] {
  return splitArguments(words, SWITCHES).map((option) => ({ option, section: sectionOf(option, env) }));
}

function sectionOf({ name, value }: DockerOption, env: NodeJS.ProcessEnv): RunSection | undefined {
  if (SWITCHES.includes(name)) {
    return switchSection(name, value === undefined || value === "true" || value === "1");
  }
  return value === undefined ? undefined : valueSection(name, value, env);
}

function switchSection(name: string, on: boolean): RunSection | undefined {
  switch (name) {
    case "init":
      return { init: on };
    case "privileged":
      return { privileged: on };
    case "read-only":
      return { readOnlyRoot: on };
    default:
      return undefined;
  }
}

function valueSection(name: string, value: string, env: NodeJS.ProcessEnv): RunSection | undefined {
  switch (name) {
    case "add-host": {
      const [, host, address] = /^([^:=]+)[:=](.+)$/.exec(value) ?? [];
      return host === undefined || address === undefined ? undefined : { extraHosts: { [host]: address } };
    }
    case "cap-add":
      return { capAdd: [value] };
    case "cap-drop":
      return { capDrop: [value] };
    case "cpus":
      return { cpus: Number(value) };
    case "env": {
      const [variable, text] = splitPair(value);
      const own = text ?? env[variable];
      // One that is not set is not passed on, as docker has it.
      return own === undefined ? {} : { env: { [variable]: own } };
    }
    case "env-file":
      return { envFile: [value] };
    case "gpus":
      return value === "all" ? { gpus: "required" } : undefined;
    case "label": {
      const [label, text = ""] = splitPair(value);
      return { labels: { [label]: text } };
    }
    case "memory":
      return { memory: value };
    case "mount":
    case "volume":
      return { mounts: [value] };
    case "net":
    case "network":
      return { network: value };
    case "pids-limit":
      return { pids: Number(value) };
    case "publish":
      return { ports: [value] };
    case "security-opt":
      // With a colon, as it was written long ago.
      return { securityOpt: [value.replace(/^([a-z-]+):/, "$1=")] };
    case "shm-size":
      return { mounts: [{ type: "tmpfs", target: "/dev/shm", size: value }] };
    case "tmpfs": {
      const [target = "", options = ""] = value.split(":");
      const size = /(?:^|,)size=([^,]+)/.exec(options)?.[1];
      return { mounts: [{ type: "tmpfs", target, ...(size === undefined ? {} : { size }) }] };
    }
    case "user":
      return { user: value };
    default:
      return undefined;
  }
}

function splitPair(text: string): readonly [name: string, value: string | undefined] {
  const at = text.indexOf("=");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
