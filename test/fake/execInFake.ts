import { ContainerNotFoundError, ContainerNotRunningError, ExecError } from "../../src/core/errors/containerErrors";
import { AsyncQueue } from "../../src/core/ports/AsyncQueue";
import type { ExecSpec, OutputChunk } from "../../src/core/ports/ContainerTypes";
import type { RunningProgram } from "../../src/core/ports/RunningProgram";
import { STOP_COMMAND } from "../../src/core/task/stopScript";
import { abortable } from "./abortable";
import type { FakeContainer } from "./FakeContainer";
import type { FakeProgram } from "./FakeProgram";
import { FakeRunningProgram } from "./FakeRunningProgram";
import { stopInFake } from "./stopInFake";

export interface FakeExecOptions {
  readonly container: FakeContainer;
  readonly spec: ExecSpec;
  readonly program: FakeProgram | undefined;
  /** Aborted when the engine is lost. */
  readonly loss: AbortSignal;
  readonly signal: AbortSignal | undefined;
}

const STOP = JSON.stringify(STOP_COMMAND);

export function execInFake({ container, spec, loss, signal, ...options }: FakeExecOptions): RunningProgram {
  // Of every image's shell, what steps need of it is there.
  const program = options.program ?? (JSON.stringify(spec.command) === STOP ? stopInFake(container) : undefined);
  if (container.state !== "running") {
    throw new ContainerNotRunningError(container.id, { paused: container.state === "paused" });
  }
  if (program === undefined) {
    throw new ExecError(spec.command, `exec: ${spec.command[0] ?? ""}: not found`);
  }
  if (!knowsUser(container, spec.user)) {
    throw new ExecError(spec.command, `no user ${spec.user ?? ""}`);
  }
  if (spec.workingDirectory !== undefined && container.files.node(spec.workingDirectory) === undefined) {
    throw new ExecError(spec.command, `no folder ${spec.workingDirectory}`);
  }
  const output = new AsyncQueue<OutputChunk>(signal);
  const process = container.exec(program, spec, output);
  return new FakeRunningProgram({
    ...{ output, signal, tty: spec.tty, process: () => process },
    exitCode: async (waiting) => {
      const code = await abortable(process.ended, AbortSignal.any(waiting === undefined ? [loss] : [waiting, loss]));
      if (container.removed) {
        throw new ContainerNotFoundError(container.id);
      }
      return code;
    },
    close: () => {
      output.end();
    },
  });
}

/** Numbers are taken as they are, names must be in /etc/passwd. */
function knowsUser({ files }: FakeContainer, user: string | undefined): boolean {
  const passwd = files.node("/etc/passwd") !== undefined ? files.read("/etc/passwd").toString("utf8") : "";
  return user === undefined || /^\d/.test(user) || passwd.split("\n").some((line) => line.startsWith(`${user}:`));
}
