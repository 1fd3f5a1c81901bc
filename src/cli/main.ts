import { version } from "../../package.json";
import { ExpectedError, isAbortError, messageOf } from "../core/errors";
import { HELP } from "./help";
import { parseArguments, type CliCommand } from "./parseArguments";
import { listEngines } from "./listEngines";
import { listContainers, removeContainers } from "./containers";
import { printFingerprint } from "./printFingerprint";
import { runJob } from "./runJob";

/** What docker and podman answer, too, when it is not the container's command that failed. */
const FAILED = 125;
const INTERRUPTED = 130;
/** 128 and SIGPIPE's number: whoever read the output has gone, such as "| head". */
const BROKEN_PIPE = 141;

async function main(args: readonly string[]): Promise<number> {
  const controller = new AbortController();
  const interrupt = (): void => {
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  // Whoever writes next learns of it, too; this only keeps the event from ending the process before it has cleaned up.
  process.stdout.on("error", interrupt);
  process.stderr.on("error", interrupt);
  try {
    return await dispatch(parseArguments(args), controller.signal);
  } catch (error) {
    if (isAbortError(error)) {
      return INTERRUPTED;
    }
    if ((error as NodeJS.ErrnoException).code === "EPIPE") {
      return BROKEN_PIPE;
    }
    report(error, args.includes("--json"));
    return FAILED;
  }
}

async function dispatch(command: CliCommand, signal: AbortSignal): Promise<number> {
  switch (command.name) {
    case "help":
      process.stdout.write(HELP);
      return 0;
    case "version":
      process.stdout.write(`${version}\n`);
      return 0;
    case "run":
    case "build":
      return runJob(command, signal);
    case "fingerprint":
      return printFingerprint(command, signal);
    case "ps":
      return listContainers(command, signal);
    case "rm":
      return removeContainers(command, signal);
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
