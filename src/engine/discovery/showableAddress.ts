/**
 * What somebody wrote for an address, so that it can be shown: without a password, on one line. For texts that are no
 * address, too, where a password cannot be told for sure: rather too much is masked than too little.
 */
export function showableAddress(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  const line = text.trim().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "\u{fffd}");
  // A path may hold what looks like one.
  return /^(?:(?:unix|npipe):\/\/|\/)/i.test(line) ? line : line.replace(PASSWORD, "$1:***@");
}

/** From the first colon after the scheme, if there is one, to the last "@". */
const PASSWORD = /^((?:[a-z][a-z0-9+.-]*:\/\/|(?![a-z][a-z0-9+.-]*:\/\/))[^:]*):.*@/i;
