import { nameValues } from "../dockerfile/nameValues";
import type { Stage } from "../dockerfile/Stage";
import type { ImageBuildError } from "../errors";
import type { CollectedInputs } from "../fingerprint/collectBuildInputs";
import { addCertificates, CA_SECRET } from "../network/addCertificates";
import { namesIn } from "../network/caVariables";
import { passwordMask } from "../network/maskPasswords";
import type { NetworkSettings } from "../network/NetworkSettings";
import type { BuildContext } from "../ports/BuildContext";
import type { BuildEvent } from "../ports/BuildEvent";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";

export interface PrepareOptions extends CallOptions {
  readonly collected: CollectedInputs;
  readonly network: NetworkSettings;
  readonly engine: ContainerEngine;
}

/** What the builder gets, and the way from its words back to the user's. */
export interface PreparedBuild {
  readonly context: BuildContext;
  readonly secrets: ReadonlyMap<string, Uint8Array> | undefined;
  /** As it may be shown: without passwords, and without what is not in the user's Dockerfile. */
  readonly translate: (event: BuildEvent) => BuildEvent;
  readonly translateFailure: (failure: ImageBuildError["failure"]) => ImageBuildError["failure"];
}

/** Puts what the network needs into a build. Without proxies and certificates everything stays as it is. */
export async function prepareBuild(options: PrepareOptions): Promise<PreparedBuild> {
  const { collected, network } = options;
  const { context, certificates } = collected;
  const mask = passwordMask(Object.values(network.proxies));
  if (certificates === undefined) {
    return { context, secrets: undefined, ...translations(mask, (line) => line) };
  }
  const { syntax, stages } = collected;
  const inherited = await inheritedNames(options);
  const { content, originalLine, originalText } = addCertificates({
    content: context.dockerfile.content,
    syntax,
    stages,
    inheritedBy: (stage) => inherited.get(stage) ?? new Set(),
  });
  return {
    context: { ...context, dockerfile: { ...context.dockerfile, content } },
    secrets: new Map([[CA_SECRET, certificates.bundle]]),
    ...translations((text) => mask(originalText(text)), originalLine),
  };
}

function translations(
  text: (builders: string) => string,
  originalLine: (line: number) => number,
): Pick<PreparedBuild, "translate" | "translateFailure"> {
  const said = (words: string): string =>
    text(words).replace(/(?<=\bline )\d+/g, (line) => String(originalLine(Number(line))));
  return {
    translate(event) {
      switch (event.type) {
        case "step":
          return { ...event, name: text(event.name) };
        case "output":
          return { ...event, text: text(event.text) };
        case "progress":
          return { ...event, message: text(event.message) };
        case "warning":
          return { ...event, message: said(event.message) };
        case "image":
          return event;
      }
    },
    translateFailure: ({ step, output, detail, ...rest }) => ({
      ...rest,
      step: step === undefined ? undefined : text(step),
      output: text(output),
      detail: step === undefined ? said(detail) : text(detail),
    }),
  };
}

/** The names of the variables that are set in what each stage starts from. */
async function inheritedNames({ collected, engine, signal }: PrepareOptions): Promise<ReadonlyMap<Stage, Set<string>>> {
  const { stages, syntax } = collected;
  const inherited = new Map<Stage, Set<string>>();
  for (const stage of stages) {
    inherited.set(stage, new Set(await namesFrom(stage)));
  }
  return inherited;

  async function namesFrom({ base }: Stage): Promise<readonly string[]> {
    switch (base.kind) {
      case "image": {
        const image = await engine.inspectImage(base.reference, { signal });
        return namesIn(image?.config.env ?? []);
      }
      case "stage": {
        // It comes earlier in the Dockerfile, and so in the list.
        const parent = stages.find(({ index }) => index === base.index);
        return parent === undefined ? [] : [...(inherited.get(parent) ?? []), ...setBy(parent)];
      }
      case "scratch":
      case "unknown":
        return [];
    }
  }

  function setBy({ instructions }: Stage): readonly string[] {
    return instructions
      .filter(({ keyword }) => keyword === "ENV")
      .flatMap((instruction) => nameValues(instruction, syntax.directives.escape).map(({ name }) => name));
  }
}
