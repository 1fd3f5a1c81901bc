const NAME = "slipway-provision";
const REFERENCE = new RegExp(`^(?:localhost/)?${NAME}:([0-9a-f]{64})$`);

/** The name of an image with resources. "localhost" keeps it from ever being looked for, or pushed, at a registry. */
export function provisionReference(hash: string): string {
  return `localhost/${NAME}:${hash}`;
}

/** @returns undefined where it is not the name of an image with resources. */
export function provisionHashOf(reference: string): string | undefined {
  return REFERENCE.exec(reference)?.[1];
}
