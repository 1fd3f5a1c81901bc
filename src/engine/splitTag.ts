/** The name of an image without its tag, and the tag where there is one; a digest stays with the name. */
export function splitTag(reference: string): { readonly name: string; readonly tag: string | undefined } {
  const at = reference.indexOf("@");
  const named = at < 0 ? reference : reference.slice(0, at);
  // A colon before the last slash is that of a registry's port.
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  return colon < 0
    ? { name: reference, tag: undefined }
    : { name: `${named.slice(0, colon)}${reference.slice(named.length)}`, tag: named.slice(colon + 1) };
}
