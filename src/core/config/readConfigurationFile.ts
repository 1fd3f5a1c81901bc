import { resolve } from "node:path";
import { InvalidConfigurationError } from "../errors/configurationErrors";
import { messageOf } from "../errors/ExpectedError";
import { readRegularFile } from "../readRegularFile";
import type { JsonFileResult } from "./parseJsonFile";

export interface ReadConfigurationFileOptions<T> {
  readonly folder: string;
  /** Relative to the folder: for the problems, too. */
  readonly path: string;
  readonly parse: (text: string) => JsonFileResult<T>;
}

/** What a file says. Rejects with InvalidConfigurationError, also where it is not there or cannot be read. */
export async function readConfigurationFile<T>({ folder, path, parse }: ReadConfigurationFileOptions<T>): Promise<T> {
  let text: string;
  try {
    text = (await readRegularFile(resolve(folder, path))).toString("utf8");
  } catch (error) {
    const message = `cannot be read: ${messageOf(error)}`;
    throw new InvalidConfigurationError([{ path, line: 1, column: 1, message }], { cause: error });
  }
  const result = parse(text);
  if (result.kind === "invalid") {
    throw new InvalidConfigurationError(result.problems);
  }
  return result.value;
}
