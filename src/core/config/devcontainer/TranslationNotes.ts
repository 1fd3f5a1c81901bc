import type { ConfigurationProblem } from "../../errors/configurationErrors";
import { showText } from "../../showText";
import type { JsonFile, JsonPath } from "../JsonFile";

/** What there is to say while a devcontainer.json is put into other words. */
export class TranslationNotes {
  readonly problems: ConfigurationProblem[] = [];
  readonly warnings: string[] = [];

  /** @param path for people. */
  constructor(
    private readonly json: JsonFile,
    private readonly path: string,
  ) {}

  /** @param message undefined where there is no problem. */
  problem(at: JsonPath, message: string | undefined): void {
    if (message !== undefined) {
      this.problems.push(
        this.json.problemOfValue(at, at.length === 0 ? message : `${at.map(String).join(".")}: ${message}`),
      );
    }
  }

  problemOfKey(at: JsonPath, message: string): void {
    this.problems.push(this.json.problemOfKey(at, message));
  }

  warn(message: string): void {
    this.warnings.push(`${this.path}: ${showText(message)}`);
  }
}
