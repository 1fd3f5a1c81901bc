import type { Dockerfile, Instruction } from "../../dockerfile/Dockerfile";
import { GlobalArgs, PREDEFINED } from "../../dockerfile/GlobalArgs";
import { declaredArgs } from "../../dockerfile/nameValues";
import { parseDockerfile } from "../../dockerfile/parseDockerfile";
import type { Stage } from "../../dockerfile/Stage";
import type { EngineKind } from "../../ports/EngineInfo";
import { isKnownFrontend } from "../isKnownFrontend";
import { ALL_BUILDER_RULES, type BuilderRules } from "./BuilderRules";
import type { ContextSelection, ContextSource, SelectionDoubt } from "./ContextSelection";
import { StageVariables, type VariableScope } from "./StageVariables";
import { takenByInstruction } from "./takenByInstruction";

/** What the configuration of a base image has to do with what a build takes. */
export interface BaseImageConfig {
  readonly env: Readonly<Record<string, string>>;
  /** Its ONBUILD instructions, as they were written. */
  readonly onBuild: readonly string[];
}

export interface SelectContextOptions {
  readonly syntax: Dockerfile;
  /** Those that are built, in the order of the Dockerfile: those that triggerSources names, too. */
  readonly stages: readonly Stage[];
  /** The build arguments, proxies included, without `platformArgs`. */
  readonly args: Readonly<Record<string, string>>;
  /** What the builder sets for the platform, as far as it is known. */
  readonly platformArgs: Readonly<Record<string, string>>;
  /** Undefined counts as any. */
  readonly kind: EngineKind | undefined;
  /** Undefined for an image that is not there or not known. */
  readonly baseOf: (reference: string) => BaseImageConfig | undefined;
}

/**
 * Works out what the reachable stages take from the build context: the sources of COPY and ADD and of
 * `RUN --mount=type=bind`, with variables replaced as BuildKit does (frontend/dockerfile/dockerfile2llb), and those of
 * the ONBUILD instructions of what the stages are built from. What is not known before the build widens the result to
 * the whole context; nothing narrows it by guess.
 */
export function selectContext(options: SelectContextOptions): ContextSelection {
  const { syntax, args, kind } = options;
  const frontend = args["BUILDKIT_SYNTAX"] ?? syntax.directives.syntax;
  if (!isKnownFrontend(frontend)) {
    const reason = `another frontend than Docker's own reads the Dockerfile (${frontend ?? ""})`;
    return { kind: "all", doubts: [{ line: undefined, reason }] };
  }
  const selections = ALL_BUILDER_RULES.map((rules) => selectBy(rules, options));
  const doubts = unique(selections.flatMap((selection) => selection.doubts));
  if (doubts.length > 0) {
    return { kind: "all", doubts };
  }
  const sources = selections.flatMap((selection) => selection.sources);
  // Podman holds the patterns of --exclude against other paths than BuildKit does.
  return {
    kind: "some",
    sources: unique(kind === "docker" ? sources : sources.map((source) => ({ ...source, excludes: [] }))),
  };
}

/**
 * What the ADD instructions of the reachable stages, and those of ONBUILD in what these are built from, fetch from
 * elsewhere. What is behind it is not looked at. As written where a value is not known.
 */
export function listRemotes(options: SelectContextOptions): readonly string[] {
  return [...new Set(ALL_BUILDER_RULES.flatMap((rules) => selectBy(rules, options).remotes))];
}

interface Found {
  readonly remotes: string[];
  readonly sources: ContextSource[];
  readonly doubts: SelectionDoubt[];
}

function selectBy(rules: BuilderRules, options: SelectContextOptions): Found {
  const scope = scopeOf(options);
  const found: Found = { sources: [], doubts: [], remotes: [] };
  const variablesOf = new Map<number, StageVariables>();
  for (const stage of options.stages) {
    const { environment, triggers, doubts } = startOf(stage, rules, options);
    const parent = stage.base.kind === "stage" ? variablesOf.get(stage.base.index) : undefined;
    const variables = parent?.inherit() ?? new StageVariables(scope, rules, new Map(Object.entries(environment)));
    variablesOf.set(stage.index, variables);
    found.doubts.push(...doubts);
    for (const trigger of triggers) {
      follow(trigger, stage.line, variables, found);
    }
    for (const instruction of stage.instructions) {
      follow(instruction, instruction.startLine, variables, found);
    }
  }
  return found;
}

function follow(instruction: Instruction, line: number, variables: StageVariables, found: Found): void {
  switch (instruction.keyword) {
    case "ARG":
      variables.declare(instruction);
      break;
    case "ENV":
      variables.assign(instruction);
      break;
    default: {
      const taken = takenByInstruction(instruction, { line, expand: (word) => variables.expand(word) });
      const { sources, doubts, remotes } = taken;
      found.remotes.push(...remotes);
      found.sources.push(...sources);
      found.doubts.push(...doubts);
    }
  }
}

function scopeOf({ syntax, args, platformArgs }: SelectContextOptions): VariableScope {
  const { escape } = syntax.directives;
  const globals = new GlobalArgs({ ...platformArgs, ...args }, escape);
  const first = syntax.instructions.findIndex(({ keyword }) => keyword === "FROM");
  const ahead = syntax.instructions.slice(0, first);
  for (const instruction of ahead) {
    globals.declare(instruction);
  }
  const globalDefaults = ahead
    .flatMap((instruction) => declaredArgs(instruction, escape))
    .flatMap(({ name, value }) => (value === undefined ? [] : name));
  const own = new Set(globalDefaults);
  return {
    escape,
    given: new Map(Object.entries(args)),
    // Builders differ in what comes of a default for an argument that they set themselves.
    globalOf: (name) => (own.has(name) && PREDEFINED.has(name) ? undefined : globals.valueOf(name)),
  };
}

interface Start {
  readonly environment: Readonly<Record<string, string>>;
  /** The ONBUILD instructions that run before the stage's own. */
  readonly triggers: readonly Instruction[];
  readonly doubts: readonly SelectionDoubt[];
}

function startOf(stage: Stage, rules: BuilderRules, options: SelectContextOptions): Start {
  const { base, line } = stage;
  const doubtful = (reason: string): Start => ({ environment: {}, triggers: [], doubts: [{ line, reason }] });
  switch (base.kind) {
    case "scratch":
      return { environment: {}, triggers: [], doubts: [] };
    case "unknown":
      return doubtful(`only the build can tell which image "${base.text}" is`);
    case "stage": {
      const parent = options.stages.find(({ index }) => index === base.index);
      const triggers = parent?.instructions.flatMap(({ trigger }) => trigger ?? []) ?? [];
      return { environment: {}, triggers: rules.stageTriggers ? triggers : [], doubts: [] };
    }
    case "image": {
      const image = options.baseOf(base.reference);
      if (image === undefined) {
        return doubtful(`the base image ${base.reference} is not there yet, and it may have ONBUILD instructions`);
      }
      const triggers = parseTriggers(image.onBuild, options);
      return triggers === undefined
        ? doubtful(`it cannot be told what the ONBUILD instructions of ${base.reference} take`)
        : { environment: image.env, triggers, doubts: [] };
    }
  }
}

/** Undefined if something in them is beyond what can be told without the build. */
function parseTriggers(texts: readonly string[], { syntax }: SelectContextOptions): readonly Instruction[] | undefined {
  try {
    const triggers = texts.flatMap((text) => parseDockerfile(text).instructions);
    const clear = syntax.directives.escape === "\\" || texts.every((text) => !/[\\`]/u.test(text));
    return clear ? triggers : undefined;
  } catch {
    return undefined;
  }
}

/** The first of those that differ in no more than the line. */
function unique<T extends { readonly line: number | undefined }>(items: readonly T[]): readonly T[] {
  return [
    ...new Map(items.toReversed().map((item) => [JSON.stringify({ ...item, line: 0 }), item])).values(),
  ].toReversed();
}
