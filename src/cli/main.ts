import { setImmediate } from "node:timers/promises";
import { version } from "../../package.json";
import { ExpectedError, isAbortError, messageOf } from "../core/errors/ExpectedError";
import { HELP } from "./help";
import type { CliCommand } from "./CliCommand";
import { parseArguments } from "./parseArguments";
import { listEngines } from "./listEngines";
import { changeContainers, inspectContainers, listContainers, printLogs, removeContainers } from "./containers";
import { copyFiles } from "./copyFiles";
import { discardRun } from "./discardRun";
import { collectGarbage, listImages } from "./images";
import { printFingerprint } from "./printFingerprint";
import { printStats } from "./printStats";
import { runBuild, runCommand, runShell } from "./runJob";
import { printStatus } from "./status";
import { writeOut } from "./writeOut";

/** What docker and podman answer, too, when it is not the container's command that failed. */
const FAILED = 125;
const INTERRUPTED = 130;
/** npm and shells pass on a Ctrl-C that the terminal has sent to this process already. */
const SAME_INTERRUPT_MS = 500;
const SLOW_STOP_MS = 4_000;
/** 128 and SIGPIPE's number: whoever read the output has gone, such as "| head". */
const BROKEN_PIPE = 141;

async function main(args: readonly string[]): Promise<number> {
  const controller = new AbortController();
  const output: { failure?: NodeJS.ErrnoException } = {};
  let interruptedAt: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      interruptedAt ??= performance.now();
      if (performance.now() - interruptedAt > SAME_INTERRUPT_MS) {
        // Whoever asks twice does not want to wait for the cleaning up; the next run does the rest.
        process.exit(INTERRUPTED);
      }
      controller.abort();
      setTimeout(() => {
        process.stderr.write("slipway: stopping; interrupt again to leave at once, the next run cleans up\n");
      }, SLOW_STOP_MS).unref();
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      output.failure ??= error;
      controller.abort();
    });
  }
  try {
    const code = await dispatch(parseArguments(args), controller.signal);
    // What could not be written last is known only now.
    await setImmediate();
    controller.signal.throwIfAborted();
    return code;
  } catch (error) {
    if (output.failure?.code === "EPIPE") {
      return BROKEN_PIPE;
    }
    if (output.failure !== undefined) {
      process.stderr.write(`slipway: the output could not be written: ${messageOf(output.failure)}\n`);
      return FAILED;
    }
    if (isAbortError(error)) {
      process.stderr.write("slipway: interrupted\n");
      return INTERRUPTED;
    }
    report(error, args.includes("--json"));
    return FAILED;
  }
}

async function dispatch(command: CliCommand, signal: AbortSignal): Promise<number> {
  switch (command.name) {
    case "help":
      await writeOut(process.stdout, HELP);
      return 0;
    case "version":
      await writeOut(process.stdout, `${version}\n`);
      return 0;
    case "run":
      return runCommand(command, signal);
    case "shell":
      return runShell(command, signal);
    case "discard":
      return discardRun(command, signal);
    case "build":
      return runBuild(command, signal);
    case "fingerprint":
      return printFingerprint(command, signal);
    case "status":
      return printStatus(command, signal);
    case "images":
      return listImages(command, signal);
    case "gc":
      return collectGarbage(command, signal);
    case "ps":
      return listContainers(command, signal);
    case "rm":
      return removeContainers(command, signal);
    case "start":
    case "stop":
    case "restart":
      return changeContainers(command, signal);
    case "logs":
      return printLogs(command, signal);
    case "stats":
      return printStats(command, signal);
    case "inspect":
      return inspectContainers(command, signal);
    case "cp":
      return copyFiles(command, signal);
    case "engines":
      return listEngines(command, signal);
  }
}

function report(error: unknown, json: boolean): void {
  const expected = error instanceof ExpectedError;
  const message = expected || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message);
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ type: "error", code: expected ? error.code : "internal", message: messageOf(error) })}\n`,
    );
  }
  process.stderr.write(`slipway: ${expected ? "" : "this is a bug, please report it: "}${message}\n`);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`slipway: ${messageOf(error)}\n`);
    process.exitCode = FAILED;
  },
);
