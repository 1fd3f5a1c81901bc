import { randomUUID } from "node:crypto";
import { cacheFolder } from "../core/cacheFolder";
import type { WorkspaceConfiguration } from "../core/config/WorkspaceConfiguration";
import { UnknownTaskError } from "../core/errors/configurationErrors";
import { buildAndRun, buildImage, type JobCommand } from "../core/job/buildAndRun";
import type { JobEvent } from "../core/job/JobEvent";
import { networkReader } from "./networkReader";
import { openConfiguration, openEngine } from "./openWorkspace";
import type { CliCommand } from "./parseArguments";
import { TextReporter } from "./TextReporter";
import { writeOut } from "./writeOut";

type JobOptions = CliCommand & { readonly name: "run" | "build" };

/** `slipway run` and `slipway build`. @returns the exit code. */
export async function runJob(options: JobOptions, signal: AbortSignal): Promise<number> {
  const configuration = await openConfiguration(options);
  const command = options.name === "run" ? chooseCommand(configuration, options) : undefined;
  const engine = await openEngine(options, signal);
  const { forceRebuild: force, noCache } = options;
  const { pull } = options.build;
  const network = networkReader(options);
  const image = { engine, configuration, cacheFolder: cacheFolder(), network, force, noCache, pull, signal };
  const events =
    options.name === "run" && command !== undefined
      ? buildAndRun({
          ...image,
          command,
          session: randomUUID(),
          keep: options.keep,
          relabel: options.selinuxRelabel,
        })
      : buildImage(image);
  return show(events, options.json);
}

/** The only task there is needs no name. */
function chooseCommand(
  { tasks }: WorkspaceConfiguration,
  { task, command }: JobOptions & { readonly name: "run" },
): JobCommand {
  if (command !== undefined) {
    return { kind: "command", command };
  }
  if (task === undefined && tasks.length > 1) {
    throw new UnknownTaskError(
      undefined,
      tasks.map(({ name }) => name),
    );
  }
  const name = task ?? tasks[0]?.name;
  return name === undefined ? { kind: "image" } : { kind: "task", name };
}

async function show(events: AsyncIterable<JobEvent>, json: boolean): Promise<number> {
  const reporter = new TextReporter();
  let exitCode = 0;
  for await (const event of events) {
    if (event.type === "exit") {
      exitCode = event.code;
    }
    if (json) {
      await writeOut(process.stdout, toJsonLine(event));
    } else {
      await reporter.show(event);
    }
  }
  return exitCode;
}

/** The bytes of the output are left out: JSON has no place for them, and the text says the same where it is text. */
function toJsonLine(event: JobEvent): string {
  if (event.type !== "output") {
    return `${JSON.stringify(event)}\n`;
  }
  const { type, stream, text } = event;
  return text === "" ? "" : `${JSON.stringify({ type, stream, text })}\n`;
}
