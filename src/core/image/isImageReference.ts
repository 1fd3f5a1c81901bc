/**
 * Whether a text can be the name of an image, with or without tag and digest (distribution/reference): it must never
 * turn a request to the engine into another one.
 */
export function isImageReference(text: string): boolean {
  const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
  const domain = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?";
  const tag = "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?";
  const digest = "(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?";
  return new RegExp(`^(?:${domain}/)?${component}(?:/${component})*${tag}${digest}$`).test(text);
}
