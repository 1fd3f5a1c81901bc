import { createHash, randomUUID } from "node:crypto";
import type { Instruction } from "../../src/core/dockerfile/Dockerfile";
import { externalImages } from "../../src/core/dockerfile/externalImages";
import { listStages } from "../../src/core/dockerfile/listStages";
import { parseDockerfile } from "../../src/core/dockerfile/parseDockerfile";
import { reachableStages } from "../../src/core/dockerfile/reachableStages";
import type { Stage } from "../../src/core/dockerfile/Stage";
import { ImageBuildError } from "../../src/core/errors/imageErrors";
import { platformArgs } from "../../src/core/fingerprint/platformArgs";
import type { BuildEvent } from "../../src/core/ports/BuildEvent";
import type { BuildImageOptions } from "../../src/core/ports/ContainerEngine";
import { applyInstruction, shellForm, type Draft } from "./applyInstruction";
import { envOf } from "./envOf";
import { FakeFiles } from "./FakeFiles";
import { EMPTY_CONFIG, FAKE_PLATFORM, type FakeImage } from "./FakeImage";
import { FakeProcess } from "./FakeProcess";
import type { FakeProgram } from "./FakeProgram";
import { FakeTree } from "./FakeTree";

interface BuildTools {
  readonly findImage: (reference: string) => FakeImage | undefined;
  readonly findProgram: (argv: readonly string[]) => FakeProgram | undefined;
}

/** Builds as far as a fake can: `COPY . FOLDER` is the only copying that it knows, and RUN runs a fake program. */
export async function* buildFakeImage(
  options: BuildImageOptions,
  tools: BuildTools,
): AsyncGenerator<BuildEvent, FakeImage> {
  const { context, args, target, platform = FAKE_PLATFORM, labels, noCache } = options;
  const dockerfile = parseDockerfile(Buffer.from(context.dockerfile.content).toString("utf8"));
  const all = listStages(dockerfile, { ...platformArgs(platform, FAKE_PLATFORM), ...args });
  const stages = reachableStages(all, target);
  requireBaseImages(stages, tools);
  const drafts = new Map<number, Draft>();
  let last: Draft = emptyDraft();
  for (const stage of stages) {
    last = startDraft(stage, drafts, tools);
    drafts.set(stage.index, last);
    for (const [index, instruction] of stage.instructions.entries()) {
      const name = `[${String(index + 2)}/${String(stage.instructions.length + 1)}] ${instruction.original}`;
      const step = { type: "step", id: `${String(stage.index)}.${String(index)}`, name } as const;
      yield { ...step, state: "started" };
      options.signal?.throwIfAborted();
      if (instruction.keyword === "RUN") {
        yield* runStep(step, { instruction, draft: last, options, tools });
      } else {
        applyInstruction(instruction, last, options);
      }
      yield { ...step, state: "finished", durationMs: 0 };
    }
  }
  return {
    id: `sha256:${createHash("sha256")
      .update(
        JSON.stringify([
          ...(noCache === true ? [randomUUID()] : []),
          context.entries,
          labels,
          args,
          target ?? "",
          [...context.dockerfile.content],
        ]),
      )
      .digest("hex")}`,
    platform,
    labels: { ...last.labels, ...labels },
    created: Math.floor(Date.now() / 1000),
    config: last.config,
    tree: last.tree,
  };
}

function requireBaseImages(stages: readonly Stage[], { findImage }: BuildTools): void {
  for (const { reference } of externalImages(stages)) {
    if (findImage(reference) === undefined) {
      const detail = `${reference} not found`;
      throw new ImageBuildError({ step: undefined, exitCode: undefined, output: "", detail });
    }
  }
}

function emptyDraft(): Draft {
  return { config: EMPTY_CONFIG, labels: {}, args: {}, tree: FakeTree.empty() };
}

function startDraft({ base }: Stage, drafts: ReadonlyMap<number, Draft>, { findImage }: BuildTools): Draft {
  switch (base.kind) {
    case "stage": {
      const draft = drafts.get(base.index) ?? emptyDraft();
      return { ...draft, args: {}, tree: draft.tree.copy() };
    }
    case "image": {
      const image = findImage(base.reference);
      return image === undefined
        ? emptyDraft()
        : { config: { ...image.config, onBuild: [] }, labels: image.labels, args: {}, tree: image.tree.copy() };
    }
    case "scratch":
    case "unknown":
      return emptyDraft();
  }
}

async function* runStep(
  step: { readonly id: string; readonly name: string },
  run: {
    readonly instruction: Instruction;
    readonly draft: Draft;
    readonly options: BuildImageOptions;
    readonly tools: BuildTools;
  },
): AsyncGenerator<BuildEvent> {
  const { instruction, draft, options, tools } = run;
  const { signal } = options;
  const missing = missingSecret(instruction, options);
  if (missing !== undefined) {
    yield { type: "step", ...step, state: "failed", durationMs: 0 };
    const detail = `secret ${missing}: not found`;
    throw new ImageBuildError({ step: step.name, exitCode: undefined, output: "", detail });
  }
  const written: Uint8Array[] = [];
  const process = new FakeProcess({
    program: tools.findProgram(shellForm(instruction)) ?? (() => 127),
    env: { ...draft.args, ...envOf(draft.config.env) },
    workingDirectory: draft.config.workingDirectory || "/",
    mounts: [],
    files: new FakeFiles({ root: draft.tree, spec: undefined, volume: () => FakeTree.empty() }),
    user: draft.config.user,
    spec: undefined,
    build: options,
    ports: [],
    ...{ tty: false, stdin: false, first: false },
    emit: ({ data }) => {
      written.push(Uint8Array.from(data));
    },
  });
  const end = (): void => {
    process.signal("SIGKILL");
  };
  signal?.addEventListener("abort", end, { once: true });
  const code = await process.ended;
  signal?.removeEventListener("abort", end);
  signal?.throwIfAborted();
  const output = Buffer.concat(written).toString("utf8");
  if (output !== "") {
    yield { type: "output", stepId: step.id, text: output };
  }
  if (code !== 0) {
    yield { type: "step", ...step, state: "failed", durationMs: 0 };
    throw new ImageBuildError({ step: step.name, exitCode: code, output, detail: `exit code: ${String(code)}` });
  }
}

/** The ID of a secret that a RUN cannot do without, and that is not given. */
function missingSecret({ flags }: Instruction, { secrets }: BuildImageOptions): string | undefined {
  return flags
    .map(
      (flag) =>
        new Map(
          flag
            .replace(/^--mount=/, "")
            .split(",")
            .map((field) => pairOf(field)),
        ),
    )
    .filter((mount) => mount.get("type") === "secret" && mount.get("required") === "true")
    .map((mount) => mount.get("id") ?? "")
    .find((id) => secrets?.has(id) !== true);
}

function pairOf(field: string): readonly [string, string] {
  const [name = "", value = ""] = field.split("=");
  return [name, value];
}
