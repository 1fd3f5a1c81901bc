/** Numbers and booleans as the texts that they become in variables and labels. */
export function texts(record: Readonly<Record<string, string | number | boolean>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]));
}
