/** One option of `docker run` or `docker build`. */
export interface DockerOption {
  /** Where its value is in the list, or it itself. */
  readonly index: number;
  /** Without the hyphens; of a short one the long name, where it has one here. */
  readonly name: string;
  /** Undefined where there is none. */
  readonly value: string | undefined;
  /** As it is written. */
  readonly text: string;
}

const SHORT: Readonly<Record<string, string>> = {
  e: "env",
  h: "hostname",
  l: "label",
  m: "memory",
  p: "publish",
  u: "user",
  v: "volume",
  w: "workdir",
};

/**
 * Reads options as the docker CLI takes them: "--name=value", "--name" "value", "-n" "value", "-nvalue".
 *
 * @param switches those that have no value of their own in the next word.
 */
export function splitArguments(words: readonly string[], switches: readonly string[]): readonly DockerOption[] {
  const options: DockerOption[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const next = words[index + 1];
    const { name, value } = splitWord(word);
    // Nothing but options is in the list: whatever does not begin with a hyphen is the value of what is before it.
    if (value === undefined && !switches.includes(name) && next !== undefined && !next.startsWith("-")) {
      index += 1;
      options.push({ index, name, value: next, text: `${word} ${next}` });
    } else {
      options.push({ index, name, value, text: word });
    }
  }
  return options;
}

function splitWord(word: string): { readonly name: string; readonly value: string | undefined } {
  const long = /^--(?<name>[^=]+)(?:=(?<value>[^]*))?$/.exec(word)?.groups;
  if (long !== undefined) {
    return { name: long["name"] ?? "", value: long["value"] };
  }
  const short = /^-(?<letter>[a-z])=?(?<value>[^]*)$/.exec(word)?.groups;
  const name = SHORT[short?.["letter"] ?? ""];
  return name === undefined ? { name: word, value: undefined } : { name, value: short?.["value"] || undefined };
}
