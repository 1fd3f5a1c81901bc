import { readFileSync } from "node:fs";
import { posix } from "node:path";
import type { Instruction } from "../../src/core/dockerfile/Dockerfile";
import type { BuildContext } from "../../src/core/ports/BuildContext";
import type { BuildImageOptions } from "../../src/core/ports/ContainerEngine";
import type { ImageConfig, Labels } from "../../src/core/ports/ContainerTypes";
import { envOf } from "./envOf";
import { FOLDER, type FakeTree } from "./FakeTree";

/** What the instructions of a stage have made so far. */
export interface Draft {
  config: ImageConfig;
  labels: Labels;
  args: Readonly<Record<string, string>>;
  readonly tree: FakeTree;
}

/** Does what an instruction other than FROM and RUN says, as far as a fake can. */
export function applyInstruction(instruction: Instruction, draft: Draft, { context, args }: BuildImageOptions): void {
  const { keyword, flags, original } = instruction;
  const { config } = draft;
  const text = expand(instruction.args, draft);
  switch (keyword) {
    case "ARG": {
      const [name = "", value] = text.split(/=(.*)/s);
      const given = args[name] ?? value;
      draft.args = given === undefined ? draft.args : { ...draft.args, [name]: given };
      break;
    }
    case "ENV":
      draft.config = { ...config, env: [...config.env, unquote(text)] };
      break;
    case "LABEL": {
      const [name = "", value = ""] = text.split(/=(.*)/s);
      draft.labels = { ...draft.labels, [unquote(name)]: unquote(value) };
      break;
    }
    case "WORKDIR": {
      const workingDirectory = posix.resolve("/", config.workingDirectory, text);
      draft.config = { ...config, workingDirectory };
      draft.tree.put(workingDirectory, draft.tree.get(workingDirectory) ?? FOLDER);
      break;
    }
    case "USER":
      draft.config = { ...config, user: text };
      break;
    case "EXPOSE":
      draft.config = { ...config, exposedPorts: [text.includes("/") ? text : `${text}/tcp`] };
      break;
    case "CMD":
      draft.config = { ...config, command: shellForm(instruction) };
      break;
    case "ENTRYPOINT":
      // The base's command was meant for the base's entrypoint.
      draft.config = { ...config, entrypoint: shellForm(instruction), command: [] };
      break;
    case "ONBUILD":
      draft.config = { ...config, onBuild: [...config.onBuild, original.replace(/^\S+\s+/, "")] };
      break;
    case "COPY":
      if (flags.length === 0 && text.startsWith(". ")) {
        copyContext(context, draft.tree, posix.resolve("/", config.workingDirectory, text.slice(2).trim()));
      }
      break;
    default:
  }
}

function copyContext({ root, entries }: BuildContext, tree: FakeTree, folder: string): void {
  const owner = { uid: 0, gid: 0 };
  for (const entry of entries) {
    const place = posix.join(folder, entry.path);
    switch (entry.kind) {
      case "file":
        tree.put(place, {
          ...{ kind: "file", mode: entry.mode, ...owner },
          content: readFileSync(posix.join(root, entry.path)),
        });
        break;
      case "directory":
        tree.put(place, { kind: "directory", mode: entry.mode, ...owner });
        break;
      case "symlink":
        tree.put(place, { kind: "symlink", target: entry.target, ...owner });
        break;
      case "fifo":
        break;
    }
  }
}

export function shellForm({ json, args }: Instruction): readonly string[] {
  return json ?? ["/bin/sh", "-c", args];
}

function expand(text: string, { args, config }: Draft): string {
  const env = envOf(config.env);
  return text.replace(/\$\{?(\w+)\}?/g, (_, name: string) => env[name] ?? args[name] ?? "");
}

function unquote(text: string): string {
  return text.replace(/^([^=]*=)?"(.*)"$/s, "$1$2");
}
