/**
 * The fields of one line of comma-separated values (RFC 4180), as the docker CLI takes them: a field that begins with a
 * quote goes on to the next single one, and "" in it is a quote.
 *
 * @returns undefined where a quote is not closed, or something follows it.
 */
export function splitFields(line: string): readonly string[] | undefined {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",][^,]*|))(,|$)/y;
  for (;;) {
    const found = field.exec(line);
    if (found === null) {
      return undefined;
    }
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    if (found[3] === "") {
      return fields;
    }
  }
}
