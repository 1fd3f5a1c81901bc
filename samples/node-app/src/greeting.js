/** What the server answers to a visitor; "stranger" to one who does not say a name. */
export function greeting(name) {
  const trimmed = name?.trim();
  return `Hello, ${trimmed ? trimmed : "stranger"}!`;
}
