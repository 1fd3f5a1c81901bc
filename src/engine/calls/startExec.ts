import { z } from "zod";
import { ContainerNotFoundError, ContainerNotRunningError, ExecError } from "../../core/errors/containerErrors";
import { EngineRequestError } from "../../core/errors/engineErrors";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { ExecSpec } from "../../core/ports/ContainerTypes";
import type { RunningProgram } from "../../core/ports/RunningProgram";
import { hijack } from "../hijack";
import { HijackedProgram } from "../stream/HijackedProgram";
import { StreamedProgram } from "../stream/StreamedProgram";
import { checkedContainer } from "./containerPath";
import { DETACH_KEYS } from "./detachKeys";
import type { EngineClient } from "./EngineClient";
import { execExitCode, inspectExec } from "./execExitCode";
import { inspectContainer } from "./inspectContainer";
import { resizeTerminal } from "./resizeTerminal";
import { stillRuns } from "./stillRuns";

interface ExecOptions extends CallOptions {
  readonly client: EngineClient;
  readonly containerId: string;
  readonly spec: ExecSpec;
}

const DURING = "running a program in the container";
const execIdShape = z.string().regex(/^[0-9a-f]+$/);

/**
 * POST /containers/{id}/exec and POST /exec/{id}/start, for ContainerEngine.exec. A program that cannot be run is told in
 * three ways: Docker 28.5 refuses to make it, Podman to start it, and else it ends with 126 (Docker 20.10) or 127.
 */
export async function startExec(options: ExecOptions): Promise<RunningProgram> {
  options.signal?.throwIfAborted();
  try {
    const execId = await createExec(options);
    return options.spec.tty || options.spec.stdin
      ? await startHijacked(options, execId)
      : await startStreamed(options, execId);
  } catch (error) {
    throw error instanceof EngineRequestError ? await execFailure(options, error) : error;
  }
}

async function createExec({ client, containerId, spec, signal }: ExecOptions): Promise<string> {
  const { command, env, workingDirectory, user, tty, stdin } = spec;
  const body = {
    Cmd: [...command],
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...(workingDirectory === undefined ? {} : { WorkingDir: workingDirectory }),
    ...(user === undefined ? {} : { User: user }),
    Tty: tty,
    AttachStdin: stdin,
    AttachStdout: true,
    AttachStderr: true,
    DetachKeys: DETACH_KEYS,
  };
  const container = client.docker.getContainer(checkedContainer(containerId));
  return client.call({
    during: DURING,
    signal,
    action: async (abortSignal) => execIdShape.parse((await container.exec({ ...body, abortSignal })).id),
  });
}

async function startHijacked(
  { client, containerId, spec, signal }: ExecOptions,
  execId: string,
): Promise<RunningProgram> {
  await client.ready(signal);
  const socket = await hijack({
    connection: client.connection,
    path: `/exec/${execId}/start`,
    protocol: "tcp",
    headers: {},
    body: startBody(spec),
    during: DURING,
    signal,
    answerWithinMs: client.deadlines.answerMs,
  });
  const { tty } = spec;
  const exec = client.docker.getExec(execId);
  return new HijackedProgram({
    socket,
    tty,
    signal,
    container: containerId,
    engine: client.name,
    during: DURING,
    runs: async (call) =>
      stillRuns(async () => (await inspectExec(client, execId, call.signal))?.state === "running", call),
    exitCode: async (call) => execExitCode(client, { ...call, execId, containerId }),
    resize: async ({ columns, rows }, call) => {
      if (tty) {
        await resizeTerminal(client, {
          ...call,
          ask: async (abortSignal) => exec.resize({ h: rows, w: columns, abortSignal }) as Promise<unknown>,
        });
      }
    },
  });
}

async function startStreamed(
  { client, containerId, spec, signal }: ExecOptions,
  execId: string,
): Promise<RunningProgram> {
  const connection = new AbortController();
  const chunks = await client.stream({
    method: "POST",
    path: `/exec/${execId}/start`,
    headers: { "Content-Type": "application/json" },
    body: (async function* () {
      yield await Promise.resolve(Buffer.from(startBody(spec)));
    })(),
    during: DURING,
    signal: signal === undefined ? connection.signal : AbortSignal.any([signal, connection.signal]),
    answerWithinMs: client.deadlines.answerMs,
  });
  return new StreamedProgram({
    chunks,
    connection,
    signal,
    exitCode: async (call) => execExitCode(client, { ...call, execId, containerId }),
  });
}

function startBody({ tty }: ExecSpec): string {
  return JSON.stringify({ Detach: false, Tty: tty });
}

/** A status says nothing of why: engines use 404, 409 and 500 for a container that is gone, stopped or paused alike. */
async function execFailure(
  { client, containerId, spec, signal }: ExecOptions,
  refusal: EngineRequestError,
): Promise<Error> {
  const details = await inspectContainer(client, containerId, { signal });
  if (details === undefined) {
    return new ContainerNotFoundError(containerId);
  }
  return details.state === "running"
    ? new ExecError(spec.command, refusal.detail)
    : new ContainerNotRunningError(containerId, { cause: refusal, paused: details.state === "paused" });
}
