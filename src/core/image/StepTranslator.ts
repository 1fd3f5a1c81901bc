import type { Instruction } from "../dockerfile/Dockerfile";
import type { Stage } from "../dockerfile/Stage";
import { BUILD_BUNDLE, CA_MOUNT, type RewrittenDockerfile } from "../network/addNetwork";
import type { BuildEvent } from "../ports/BuildEvent";
import { locateStep, type StepPlaces } from "./locateStep";
import { parseStepHeading, type StepHeading } from "./StepHeading";

/** Turns what a builder says of a Dockerfile of ours into what it would say of the user's. */
export class StepTranslator {
  private readonly hidden = new Set<string>();

  /** @param rewritten undefined where the builder has the user's own. */
  constructor(
    private readonly places: StepPlaces,
    private readonly rewritten: RewrittenDockerfile | undefined,
  ) {}

  /** @returns undefined for what is about a step that is not the user's. */
  translate(event: BuildEvent): BuildEvent | undefined {
    switch (event.type) {
      case "step": {
        const name = this.stepName(event.name);
        if (name === undefined && event.state !== "failed") {
          this.hidden.add(event.id);
          return undefined;
        }
        this.hidden.delete(event.id);
        return { ...event, name: name ?? event.name };
      }
      case "output":
        return event.stepId !== undefined && this.hidden.has(event.stepId) ? { ...event, stepId: undefined } : event;
      case "progress":
        return { ...event, message: this.words(event.message) };
      case "warning":
        return { ...event, message: this.lines(this.words(event.message)) };
      case "image":
        return event;
    }
  }

  /** @returns undefined for a step of ours. */
  stepName(name: string): string | undefined {
    const words = this.words(name);
    const heading = parseStepHeading(words, this.places.stages);
    if (heading?.builder === "classic") {
      return this.classicName(heading);
    }
    if (heading?.stage === undefined) {
      return words;
    }
    if (heading.builder === "buildkit") {
      return this.withReferences(this.withoutStage(heading), heading.stage);
    }
    // Buildah counts every instruction, ours after the FROM and labels of the image at the end included.
    const { before, position, total, after, text, stage } = heading;
    const ours = this.rewritten?.added.has(stage) === true ? 1 : 0;
    if (ours > 0 && position === 2) {
      return undefined;
    }
    const own = position > 1 ? position - ours : position;
    // An ONBUILD of the base image adds steps that are the user's, too.
    const all = Math.max(own, Math.min(total - ours, stage.instructions.length + 1));
    return `${before}${String(own)}/${String(all)}${after}${text}`;
  }

  /** The classic builder counts every instruction up to the end of the target, ours and labels of the image included. */
  private classicName({ before, position, total, after, text }: StepHeading): string | undefined {
    const { instructions, stages } = this.places;
    const stage = stages.at(-1);
    // Only what is built is rewritten, and an ARG of ours comes right after its stage's FROM.
    const rewritten = [...(this.rewritten?.added.keys() ?? [])].map(({ line }) => line);
    const froms = instructions.flatMap(({ keyword, startLine }, index) =>
      keyword === "FROM" && rewritten.includes(startLine) ? [index] : [],
    );
    const ours = froms.map((index, earlier) => index + 2 + earlier);
    if (ours.includes(position)) {
      return undefined;
    }
    const own = position - ours.filter((each) => each < position).length;
    const end = instructions.findIndex(({ startLine, keyword }) => keyword === "FROM" && startLine === stage?.line);
    const all = end < 0 || stage === undefined ? total : end + 1 + stage.instructions.length;
    return `${before}${String(own)}/${String(Math.max(own, Math.min(total - ours.length, all)))}${after}${text}`;
  }

  /** What is said of instructions, but for their lines. */
  words(text: string): string {
    return this.rewritten === undefined ? text : text.replaceAll(`${CA_MOUNT} `, "");
  }

  /** What is said outside of a step, and may name lines. */
  lines(text: string): string {
    return text.replace(/(?<=\bline )\d+/g, (line) => String(this.rewritten?.originalLine(Number(line)) ?? line));
  }

  /** BuildKit names the stage where there are several; for it, a mount makes one more. */
  private withoutStage({ before, position, total, after, text }: StepHeading): string {
    const several = this.places.instructions.filter(({ keyword }) => keyword === "FROM").length > 1;
    const start = several || this.rewritten === undefined ? before : before.replace(/(^\[|\s)[^\s[/]+ (\s*)$/, "$1$2");
    return `${start}${String(position)}/${String(total)}${after}${text}`;
  }

  /** BuildKit replaces variables that are set. Those that lead to the authorities it would leave as they are written. */
  private withReferences(name: string, stage: Stage): string {
    const names = this.rewritten?.added.get(stage) ?? [];
    const instruction = names.length === 0 || !name.includes(BUILD_BUNDLE) ? undefined : this.locate(name);
    const references = instruction === undefined ? [] : referencesIn(instruction, names);
    const parts = name.split(BUILD_BUNDLE);
    return parts.length !== references.length + 1
      ? name
      : parts.map((part, index) => `${part}${references[index] ?? ""}`).join("");
  }

  private locate(name: string): Instruction | undefined {
    return locateStep(name, this.places);
  }
}

function referencesIn({ original }: Instruction, names: readonly string[]): readonly string[] {
  const any = names.join("|");
  return original.match(new RegExp(`\\$(?:(?:${any})\\b|\\{(?:${any})\\b[^}]*\\})`, "g")) ?? [];
}
