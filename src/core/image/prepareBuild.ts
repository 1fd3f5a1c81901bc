import { createHash } from "node:crypto";
import type { Stage } from "../dockerfile/Stage";
import { ImageBuildError } from "../errors/imageErrors";
import type { CollectedInputs } from "../fingerprint/collectBuildInputs";
import { addNetwork, CA_SECRET, runsOf, type RewrittenDockerfile } from "../network/addNetwork";
import { argumentSecrets } from "../network/argumentSecrets";
import type { BuildContext } from "../ports/BuildContext";
import type { BuildEvent } from "../ports/BuildEvent";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import { EventRedactor } from "../redact/EventRedactor";
import { redactError } from "../redact/redactError";
import { Redactor } from "../redact/Redactor";
import type { BuildSecrets } from "../secret/readBuildSecrets";
import { inheritedNames } from "./inheritedNames";
import { locateStep } from "./locateStep";
import { StepTranslator } from "./StepTranslator";

export interface PrepareOptions extends CallOptions {
  readonly collected: CollectedInputs;
  /** Those that the configuration names. */
  readonly secrets: BuildSecrets;
  readonly engine: ContainerEngine;
}

/** What the builder gets, and the way from its words back to the user's: without secrets, and without what is ours. */
export interface PreparedBuild {
  readonly context: BuildContext;
  readonly secrets: ReadonlyMap<string, Uint8Array> | undefined;
  /** For people: what could not be put in. */
  readonly warnings: readonly string[];
  /** What is to be shown by now. */
  readonly translate: (event: BuildEvent) => readonly BuildEvent[];
  /** What is held back still, once no more events come. */
  readonly end: () => readonly BuildEvent[];
  /** With its place in the Dockerfile, where that can be told. */
  readonly translateError: (error: unknown) => unknown;
}

/** Puts what the network needs into a build. Without proxies and certificates everything stays as it is. */
export async function prepareBuild({ collected, secrets, engine, signal }: PrepareOptions): Promise<PreparedBuild> {
  const { certificates, dockerfileName } = collected;
  const context = { ...collected.context, entries: await collected.entries() };
  const rewritten = await rewrite({ collected, engine, signal });
  const translator = new StepTranslator(placesOf(collected), rewritten);
  const redactor = redactorOf(collected, secrets);
  const events = new EventRedactor(redactor);
  return {
    context:
      rewritten === undefined
        ? context
        : { ...context, dockerfile: { ...context.dockerfile, content: rewritten.content } },
    secrets: allSecrets(secrets, certificates?.bundle),
    warnings: (rewritten?.unreached ?? []).map(
      ({ line }) =>
        `${dockerfileName}:${String(line)}: the steps of this stage do not trust the certificates that you have added, ` +
        "since the keyword of one goes over several lines. Write RUN in one line.",
    ),
    translate(event) {
      const translated = translator.translate(event);
      return translated === undefined ? [] : events.redact(translated);
    },
    end: () => events.end(),
    translateError: (error) =>
      redactError(error instanceof ImageBuildError ? located(error, collected, translator) : error, redactor),
  };
}

/** Takes out what a build's arguments and secrets have in them that nobody may see. */
export function redactorOf({ args }: CollectedInputs, secrets?: BuildSecrets): Redactor {
  const ofArguments = Object.entries(args).flatMap(([name, value]) => argumentSecrets(name, value));
  return new Redactor([...ofArguments, ...(secrets?.texts ?? [])]);
}

/** @returns undefined where there is none. */
function allSecrets(
  { values }: BuildSecrets,
  bundle: Uint8Array | undefined,
): ReadonlyMap<string, Uint8Array> | undefined {
  const all = new Map([...values, ...(bundle === undefined ? [] : [[CA_SECRET, bundle] as const])]);
  return all.size === 0 ? undefined : all;
}

/** @returns undefined where there is nothing to put in. */
async function rewrite({
  collected,
  engine,
  signal,
}: Omit<PrepareOptions, "secrets">): Promise<RewrittenDockerfile | undefined> {
  const { context, syntax, stages, certificates, networkOf } = collected;
  const digests = new Map(stages.filter((stage) => runsOf(stage).length > 0).map((stage) => [stage, digestOf(stage)]));
  if ([...digests.values()].every((digest) => digest === undefined)) {
    return undefined;
  }
  const inherited = certificates === undefined ? undefined : await inheritedNames(engine, collected, { signal });
  return addNetwork({
    content: context.dockerfile.content,
    syntax,
    stages,
    certificates: certificates !== undefined,
    digestOf: (stage) => digests.get(stage),
    inheritedBy: (stage) => inherited?.get(stage) ?? new Set(),
  });

  /** Of inputs, in which no secret can be recognized: it becomes part of the image's history. */
  function digestOf(stage: Stage): string | undefined {
    const inputs = networkOf(stage);
    return inputs.length === 0
      ? undefined
      : createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 16);
  }
}

function placesOf({ syntax, stages }: CollectedInputs): ConstructorParameters<typeof StepTranslator>[0] {
  return { instructions: syntax.instructions, stages };
}

function located(error: ImageBuildError, collected: CollectedInputs, translator: StepTranslator): ImageBuildError {
  const { step, detail } = error.failure;
  const name = step === undefined ? undefined : (translator.stepName(step) ?? step);
  const said = translator.words(detail);
  const failure = { ...error.failure, step: name, detail: step === undefined ? translator.lines(said) : said };
  const line = name === undefined ? lineOf(failure.detail) : locateStep(name, placesOf(collected))?.startLine;
  return new ImageBuildError({ ...failure, dockerfile: collected.dockerfileName, line });
}

/** BuildKit's parser says "dockerfile parse error on line 3" or "… line 3: …". */
function lineOf(detail: string): number | undefined {
  const found = /\bparse error (?:on )?line (\d+)/.exec(detail)?.[1];
  return found === undefined ? undefined : Number(found);
}
