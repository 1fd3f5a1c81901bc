import { findConflicts } from "./findConflicts";
import { parseJsonFile, type JsonFileResult } from "./parseJsonFile";
import { slipwayFile, type SlipwayFile } from "./slipwayFile";

/**
 * Reads slipway.json's text: JSON with comments and trailing commas, where an empty file is valid.
 *
 * @param path only for the problems.
 */
export function parseSlipwayFile(text: string, path: string): JsonFileResult<SlipwayFile> {
  return parseJsonFile({
    text,
    path,
    schema: slipwayFile,
    read: (value, file) => ({
      value,
      problems: findConflicts(value).map(({ path: at, message, ofKey }) =>
        ofKey === true
          ? file.problemOfKey(at, message)
          : file.problemOfValue(at, `${at.map(String).join(".")}: ${message}`),
      ),
    }),
  });
}
