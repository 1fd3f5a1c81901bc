import type { Instruction } from "./Dockerfile";

/** The value of `--name=value`, or undefined if the instruction has no such flag. */
export function flagValue(instruction: Instruction, name: string): string | undefined {
  return flagValues(instruction, name)[0];
}

/**
 * The settings of each `--mount` of a RUN, keys in lower case, values as they are written. A key without a value, such
 * as `readonly`, has an empty one.
 */
export function mounts(instruction: Instruction): readonly ReadonlyMap<string, string>[] {
  return flagValues(instruction, "mount").map(
    (mount) =>
      new Map(
        splitCsv(mount).map((field) => {
          const equals = field.indexOf("=");
          const key = equals < 0 ? field : field.slice(0, equals);
          return [key.trim().toLowerCase(), equals < 0 ? "" : field.slice(equals + 1)];
        }),
      ),
  );
}

/** The values of a flag that can be given more than once, in order. */
export function flagValues(instruction: Instruction, name: string): readonly string[] {
  const prefix = `--${name}=`;
  return instruction.flags.flatMap((flag) => (flag.startsWith(prefix) ? [flag.slice(prefix.length)] : []));
}

/** The fields of one CSV record; a field in double quotes may contain commas. */
function splitCsv(record: string): readonly string[] {
  const fields = record.match(/(?:^|,)(?:"(?:[^"]|"")*"|[^,]*)/gu) ?? [];
  return fields.map((field) => {
    const text = field.startsWith(",") ? field.slice(1) : field;
    return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
  });
}
