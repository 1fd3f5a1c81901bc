import { messageOf } from "../../errors/ExpectedError";
import { EnvFileError } from "../../errors/containerErrors";
import { readRegularFile } from "../../readRegularFile";

/** Leading only: what stands behind "=" is the value, to the line's end. */
const LEADING_SPACE = /^[\s\u0085]+/;

/**
 * A file of variables, read as docker's --env-file (docker/cli, opts/file.go): NAME=value, nothing in it quoted or
 * replaced, lines that are empty or begin with "#" left out, and a name that stands alone taken from `environment`, if it
 * is there. Rejects with EnvFileError, which names the line.
 */
export async function readEnvFile(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, string>>> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const detail = missing
      ? "there is no such file. Make it, or take it out of run.envFile."
      : `cannot be read (${messageOf(error)}).`;
    throw new EnvFileError(path, undefined, detail, { cause: error });
  }
  return parseEnvFile(path, bytes, environment);
}

function parseEnvFile(
  path: string,
  bytes: Buffer,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const variables = new Map<string, string>();
  linesOf(bytes).forEach((line, index) => {
    const problem = (detail: string): EnvFileError => new EnvFileError(path, index + 1, detail);
    const text = decode(line);
    if (text === undefined) {
      throw problem("this line is not UTF-8.");
    }
    const entry = (index === 0 ? text.replace(/^\uFEFF/, "") : text).replace(LEADING_SPACE, "");
    if (entry === "" || entry.startsWith("#")) {
      return;
    }
    if (entry.includes("\0")) {
      throw problem("this line has a null character in it.");
    }
    const end = entry.indexOf("=");
    const name = end < 0 ? entry : entry.slice(0, end);
    if (name === "") {
      throw problem(`there is no name before "=". Write NAME=value.`);
    }
    if (/[ \t]/.test(name)) {
      throw problem(`the name ${JSON.stringify(name)} has spaces in it. Write NAME=value.`);
    }
    const value = end < 0 ? environment[name] : entry.slice(end + 1);
    if (value !== undefined) {
      variables.set(name, value);
    }
  });
  return Object.fromEntries(variables);
}

/** Lines end with "\n" or "\r\n". */
function linesOf(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    lines.push(bytes.subarray(start, end > start && bytes[end - 1] === 0x0d ? end - 1 : end));
    start = end + 1;
  }
  return lines;
}

function decode(line: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    return undefined;
  }
}
