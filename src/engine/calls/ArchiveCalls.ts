import { posix } from "node:path";
import { pack } from "tar-stream";
import { type ExpectedError } from "../../core/errors/ExpectedError";
import { ContainerNotFoundError, ContainerPathError } from "../../core/errors/containerErrors";
import { EngineLostError, EngineRequestError } from "../../core/errors/engineErrors";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { PathStat } from "../../core/ports/ContainerTypes";
import type { EngineKind } from "../../core/ports/EngineInfo";
import { detailOf } from "../EngineConnection";
import { RefusedCall } from "../RefusedCall";
import { parsePathStat } from "../shapes/pathStat";
import { completeTar } from "../stream/completeTar";
import { WatchedBody } from "../stream/WatchedBody";
import { toNoSpaceError } from "../toNoSpaceError";
import { containerPath } from "./containerPath";
import type { EngineClient } from "./EngineClient";
import { exchange, type Answer } from "./exchange";
import { inspectContainer } from "./inspectContainer";

const DURING_COPY = "copying from the container";
const DURING_COPY_TO = "copying into the container";
/** As many as Linux follows. */
const LINK_LIMIT = 40;

/** The part of ContainerEngine that is about files. */
export class ArchiveCalls {
  constructor(private readonly client: EngineClient) {}

  /** Podman makes a folder that is not there, and so it is looked for first. */
  async copyTo(
    id: string,
    { folder, tar, signal }: CallOptions & { readonly folder: string; readonly tar: AsyncIterable<Uint8Array> },
  ): Promise<void> {
    const target = absolute(folder);
    const kind = await this.kindOf(id, target, signal);
    if (kind !== "directory") {
      const detail = kind === undefined ? "there is no such folder" : "this is not a folder";
      throw new ContainerPathError(id, folder, detail);
    }
    const body = new WatchedBody(tar);
    try {
      await this.put(id, { target, body, signal });
    } catch (error) {
      signal?.throwIfAborted();
      body.throwIfFailed();
      if (!(error instanceof EngineRequestError)) {
        throw error;
      }
      throw (
        toNoSpaceError(this.client.name, DURING_COPY_TO, error.detail) ??
        (await this.pathFailure(id, { path: folder, refusal: error, signal }))
      );
    }
  }

  private async put(
    id: string,
    { target, body, signal }: CallOptions & { readonly target: string; readonly body: WatchedBody },
  ): Promise<void> {
    await this.client.call({
      during: DURING_COPY_TO,
      signal,
      repeatable: false,
      deadlineMs: this.client.deadlines.longMs,
      action: async (abortSignal, goesOn) => {
        const answer = await exchange({
          connection: this.client.connection,
          method: "PUT",
          // Without copyUIDGID, whose meaning engines do not agree on, owners are those of the tar. A folder never becomes
          // a file, nor a file a folder.
          path: archivePath(id, { path: target, noOverwriteDirNonDir: "true" }),
          headers: { "Content-Type": "application/x-tar" },
          body: body.read(goesOn),
          signal: abortSignal,
        });
        if (answer.status !== 200) {
          throw new RefusedCall(answer.status, detailOf(answer.body, answer.status));
        }
      },
    });
  }

  /** Podman packs what a link leads to, and so the link is packed here. */
  async *copyFrom(id: string, path: string, { signal }: CallOptions): AsyncGenerator<Uint8Array> {
    const source = absolute(path);
    const { kind } = await this.client.ready(signal);
    const stat = kind === "podman" ? await this.stat(id, source, { signal }) : undefined;
    if (stat?.kind === "symlink") {
      yield* packLink(stat, source);
      return;
    }
    let chunks: AsyncIterable<Uint8Array>;
    try {
      chunks = await this.client.stream({
        method: "GET",
        path: archivePath(id, { path: literal(source, kind) }),
        during: DURING_COPY,
        answerWithinMs: this.client.deadlines.answerMs,
        signal,
      });
    } catch (error) {
      throw error instanceof EngineRequestError ? await this.pathFailure(id, { path, refusal: error, signal }) : error;
    }
    yield* completeTar(chunks, () => new EngineLostError(this.client.name, DURING_COPY));
  }

  async stat(id: string, path: string, { signal }: CallOptions): Promise<PathStat | undefined> {
    const target = absolute(path);
    const during = `looking at ${path} in the container`;
    const answer = await this.client.call({
      during,
      signal,
      action: async (abortSignal) => {
        const { kind } = await this.client.ready(signal);
        const head = await exchange({
          connection: this.client.connection,
          method: "HEAD",
          path: archivePath(id, { path: literal(target, kind) }),
          signal: abortSignal,
        });
        // No path is a wrong request: it was made for another engine.
        if (head.status === 400) {
          throw new RefusedCall(head.status, detailOf(head.body, head.status));
        }
        return { ...head, stat: statOf(head, target) };
      },
    });
    if (answer.stat !== undefined) {
      return answer.stat;
    }
    if ((await inspectContainer(this.client, id, { signal })) === undefined) {
      throw new ContainerNotFoundError(id);
    }
    // Docker says 500 because something on the way to it is a file.
    if (answer.status === 404 || (target !== "/" && !(await this.isFolder(id, posix.dirname(target), signal)))) {
      return undefined;
    }
    throw new EngineRequestError(answer.status, during, detailOf(answer.body, answer.status));
  }

  private async isFolder(id: string, path: string, signal: AbortSignal | undefined): Promise<boolean> {
    return (await this.kindOf(id, path, signal)) === "directory";
  }

  /** Of what a path leads to, links followed to their end; undefined where that is nothing. */
  private async kindOf(
    id: string,
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<PathStat["kind"] | undefined> {
    let place = path;
    for (let links = 0; links <= LINK_LIMIT; links++) {
      const stat = await this.stat(id, place, { signal });
      if (stat?.kind !== "symlink") {
        return stat?.kind;
      }
      if (stat.linkTarget === undefined) {
        return undefined;
      }
      // Engines tell it from the root on, or as the link has it.
      place = posix.resolve(posix.dirname(place), stat.linkTarget);
    }
    return undefined;
  }

  /** Engines answer 404 for both. */
  private async pathFailure(
    id: string,
    { path, refusal, signal }: CallOptions & { readonly path: string; readonly refusal: EngineRequestError },
  ): Promise<ExpectedError> {
    if ((await inspectContainer(this.client, id, { signal })) === undefined) {
      return new ContainerNotFoundError(id);
    }
    return refusal.status === 404 ? new ContainerPathError(id, path, refusal.detail) : refusal;
  }
}

/** Paths are read from the root on, as `docker cp` does. */
function absolute(path: string): string {
  return posix.resolve("/", path);
}

function archivePath(id: string, query: Readonly<Record<string, string>>): string {
  return `${containerPath(id, "archive")}?${new URLSearchParams(query).toString()}`;
}

/**
 * Podman reads the path of what it is to look at or to pack as a pattern, in which a backslash makes a character stand for
 * itself. (Not so the asterisk: what has one in its name, it never finds.)
 */
function literal(path: string, kind: EngineKind): string {
  switch (kind) {
    case "docker":
      return path;
    case "podman":
      return path.replace(/[\\?[\]]/g, "\\$&");
  }
}

/** Podman answers 404 for a link that leads nowhere, and yet says what it is. */
function statOf({ headers }: Answer, path: string): PathStat | undefined {
  const header = headers["x-docker-container-path-stat"];
  return typeof header === "string" ? parsePathStat(header, path) : undefined;
}

/** Engines tell where a link leads from the root on; in the tar it is told from where the link is. */
async function* packLink({ name, linkTarget = "" }: PathStat, path: string): AsyncGenerator<Uint8Array> {
  const tar = pack();
  tar.entry({ name, type: "symlink", linkname: posix.relative(posix.dirname(path), linkTarget), mode: 0o777 });
  tar.finalize();
  for await (const chunk of tar) {
    yield chunk as Uint8Array;
  }
}
