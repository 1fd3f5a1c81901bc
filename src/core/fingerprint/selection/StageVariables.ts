import type { EscapeCharacter, Instruction } from "../../dockerfile/Dockerfile";
import { expandVariables, type Expansion } from "../../dockerfile/expandVariables";
import { PREDEFINED } from "../../dockerfile/GlobalArgs";
import { declaredArgs, nameValues } from "../../dockerfile/nameValues";
import { UNSET, type VariableLookup } from "../../dockerfile/VariableLookup";
import { isProxyName } from "../namedProxies";
import type { BuilderRules } from "./BuilderRules";

/** What all stages of a build have in common. */
export interface VariableScope {
  readonly escape: EscapeCharacter;
  /** The value of an ARG ahead of the first FROM, or of one that the builder sets for the platform. */
  readonly globalOf: VariableLookup;
  /** The build arguments, without those that the builder sets itself. */
  readonly given: ReadonlyMap<string, string>;
}

/** Undefined stands for a value that only the build can tell. */
type Values = ReadonlyMap<string, string | undefined>;

interface Variables {
  /** By ENV, here or in what the stage is built from. */
  readonly environment: Values;
  /** By ENV or ARG, whichever came last. */
  readonly last: Values;
}

/** The variables that the instructions of one stage see, as they come to be set from line to line. */
export class StageVariables {
  readonly #scope: VariableScope;
  readonly #rules: BuilderRules;
  readonly #environment: Map<string, string | undefined>;
  readonly #last: Map<string, string | undefined>;
  /** Whether a variable was set whose name is not known, so that it may be any. */
  #anyMayBeSet = false;

  /** @param environment what the base image sets */
  constructor(scope: VariableScope, rules: BuilderRules, environment: Values) {
    this.#scope = scope;
    this.#rules = rules;
    this.#environment = new Map(environment);
    this.#last = new Map(environment);
  }

  /** Those of a stage that is built from this one, before its first line. */
  inherit(): StageVariables {
    const heir = new StageVariables(this.#scope, this.#rules, this.#environment);
    heir.#anyMayBeSet = this.#anyMayBeSet;
    if (this.#rules.argsInherited) {
      for (const [name, value] of this.#last) {
        heir.#last.set(name, value);
      }
    }
    return heir;
  }

  expand(word: string): Expansion {
    return this.#expandWith(word, this.#now);
  }

  /** ARG: a given value comes before a default, and that before one of an ARG ahead of the first FROM. */
  declare(instruction: Instruction): void {
    const before = this.#snapshot();
    for (const { name, value } of declaredArgs(instruction, this.#scope.escape)) {
      if (/[$'"`\\]/u.test(name)) {
        this.#anyMayBeSet = true;
      } else if (this.#scope.given.has(name)) {
        this.#last.set(name, this.#scope.given.get(name));
      } else if (value !== undefined) {
        // Versions of BuildKit differ in whether a default sees those before it in the same line.
        const now = this.#known(value, this.#now);
        const same = now === this.#known(value, before) && !PREDEFINED.has(name);
        this.#last.set(name, same ? now : undefined);
      } else {
        const global = this.#scope.globalOf(name);
        if (global !== UNSET) {
          this.#last.set(name, global);
        }
      }
    }
  }

  /** ENV: its values see what was set before the line, not each other. */
  assign(instruction: Instruction): void {
    const before = this.#snapshot();
    for (const { name, value = "" } of nameValues(instruction, this.#scope.escape)) {
      const key = this.#known(name, before);
      if (key === undefined) {
        this.#anyMayBeSet = true;
        continue;
      }
      const known = this.#known(value, before);
      this.#environment.set(key, known);
      this.#last.set(key, known);
    }
  }

  get #now(): Variables {
    return { environment: this.#environment, last: this.#last };
  }

  #snapshot(): Variables {
    return { environment: new Map(this.#environment), last: new Map(this.#last) };
  }

  #known(word: string, variables: Variables): string | undefined {
    const expansion = this.#expandWith(word, variables);
    return expansion.kind === "known" ? expansion.text : undefined;
  }

  #expandWith(word: string, variables: Variables): Expansion {
    const lookup: VariableLookup = (name) => this.#valueOf(name, variables);
    return expandVariables(word, lookup, this.#scope.escape);
  }

  #valueOf(name: string, { environment, last }: Variables): ReturnType<VariableLookup> {
    if (this.#anyMayBeSet) {
      return undefined;
    }
    if (this.#rules.envBeforeArg && environment.has(name)) {
      return environment.get(name);
    }
    if (last.has(name)) {
      return last.get(name);
    }
    // Builders give every stage a PATH, and some of them let it see the proxies without an ARG.
    const mayBeSet = name === "PATH" || (isProxyName(name) && this.#scope.given.has(name));
    return mayBeSet ? undefined : UNSET;
  }
}
