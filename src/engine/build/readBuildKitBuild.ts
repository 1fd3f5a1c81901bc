import { StringDecoder } from "node:string_decoder";
import { ImageBuildError } from "../../core/errors/imageErrors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import { decodeBuildKitStatus, type BuildKitStatus } from "./buildKitStatus";
import { errorOf, exitCodeOf, parseBuildLine } from "./buildLine";
import { LastOutput } from "./LastOutput";

type Vertex = BuildKitStatus["vertexes"][number];

/** Turns what a BuildKit build answers into events. A step that BuildKit goes on with starts and finishes again. */
export async function* readBuildKitBuild(lines: AsyncIterable<unknown>): AsyncGenerator<BuildEvent> {
  const progress = new BuildKitProgress();
  let imageId: string | undefined;
  for await (const value of lines) {
    const line = parseBuildLine(value);
    const error = errorOf(line);
    if (error !== undefined) {
      yield* progress.flush();
      throw progress.failure(error);
    }
    if (line.id === "moby.buildkit.trace" && typeof line.aux === "string") {
      yield* progress.update(statusOf(line.aux));
    } else if (typeof line.aux === "object" && line.aux?.ID !== undefined) {
      // The last steps are told of after it.
      imageId = line.aux.ID;
    }
  }
  yield* progress.flush();
  if (imageId !== undefined) {
    yield { type: "image", imageId };
  }
}

/** Progress that cannot be read is no reason to give up a build. */
function statusOf(encoded: string): BuildKitStatus {
  try {
    return decodeBuildKitStatus(Buffer.from(encoded, "base64"));
  } catch {
    return { vertexes: [], statuses: [], logs: [], warnings: [] };
  }
}

/** BuildKit goes on without a cache that it cannot get. */
function isMissingCache({ name, error }: Vertex): boolean {
  return error !== "" && name.startsWith("importing cache manifest from ");
}

function isCancelled({ error }: Vertex): boolean {
  return error.endsWith("context canceled");
}

class BuildKitProgress {
  private readonly steps = new Map<string, { readonly name: string; shown: string; readonly output: LastOutput }>();
  private readonly decoders = new Map<string, { readonly vertex: string; readonly decoder: StringDecoder }>();
  private readonly failed: Vertex[] = [];
  private readonly transferred = new Set<string>();

  *update({ vertexes, statuses, logs, warnings }: BuildKitStatus): Generator<BuildEvent> {
    for (const vertex of vertexes) {
      yield* this.step(vertex);
    }
    for (const { vertex, stream, msg } of logs) {
      const key = `${vertex} ${String(stream)}`;
      const { decoder } = this.decoders.get(key) ?? { decoder: new StringDecoder("utf8") };
      this.decoders.set(key, { vertex, decoder });
      yield* this.output(vertex, decoder.write(Buffer.from(msg)));
    }
    for (const { ID, vertex, current, total, completed } of statuses) {
      const key = JSON.stringify([vertex, ID, completed]);
      // What has come to its end is told again and again.
      if (current > 0 && !this.transferred.has(key)) {
        const last = completed === undefined ? {} : { last: true };
        yield { type: "progress", message: ID, current, ...(total > 0 ? { total } : {}), ...last };
      }
      if (completed !== undefined) {
        this.transferred.add(key);
      }
    }
    for (const { short } of warnings) {
      yield { type: "warning", message: Buffer.from(short).toString("utf8") };
    }
  }

  /** What the decoders still hold: the beginning of a character that never came to its end. */
  *flush(): Generator<BuildEvent> {
    for (const { vertex, decoder } of this.decoders.values()) {
      yield* this.output(vertex, decoder.end());
    }
  }

  failure(detail: string): ImageBuildError {
    const failed = this.failedOf(detail);
    const output = failed === undefined ? "" : (this.steps.get(failed.digest)?.output.toString() ?? "");
    return new ImageBuildError({ step: failed?.name, exitCode: exitCodeOf(detail), output, detail });
  }

  /** When a step fails, BuildKit cancels those that run beside it and tells of them as failed, too. */
  private failedOf(detail: string): Vertex | undefined {
    const own = this.failed.filter((vertex) => !isCancelled(vertex));
    return own.find(({ error }) => detail.includes(error)) ?? own[0] ?? this.failed[0];
  }

  private *step(vertex: Vertex): Generator<BuildEvent> {
    const { digest: id, name, cached, started, completed, error } = vertex;
    const step = this.steps.get(id) ?? { name, shown: "", output: new LastOutput() };
    this.steps.set(id, step);
    const missingCache = isMissingCache(vertex);
    if (error !== "" && !missingCache) {
      this.failed.push(vertex);
    }
    const state =
      error !== "" && !missingCache
        ? "failed"
        : started === undefined
          ? ""
          : completed === undefined
            ? "started"
            : cached
              ? "cached"
              : "finished";
    // The same vertex is told again and again, with each change of any of its fields.
    const shown = `${state} ${String(completed ?? "")}`;
    if (state === "" || shown === step.shown) {
      return;
    }
    step.shown = shown;
    const duration = started !== undefined && completed !== undefined ? { durationMs: completed - started } : {};
    yield { type: "step", id, name, state, ...duration };
    if (missingCache) {
      yield { type: "warning", message: `${name}: ${error}. The build goes on without it.` };
    }
  }

  private *output(stepId: string, text: string): Generator<BuildEvent> {
    if (text !== "") {
      this.steps.get(stepId)?.output.add(text);
      yield { type: "output", stepId, text };
    }
  }
}
