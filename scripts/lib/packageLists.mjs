/**
 * What packages depend on, each name once; virtual packages are left out.
 * @param {string} text as `apt-cache depends` writes it
 * @returns {string[]}
 */
export function parseDependencies(text) {
  const found = [...text.matchAll(/^ *\|?(?:Pre)?Depends: ([a-z0-9][^\s:]*)/gm)].map(([, name]) => name);
  return [...new Set(found)];
}

/**
 * The packages that are installed, and not just known.
 * @param {string} text lines of a name and a status
 * @returns {Set<string>}
 */
export const parseInstalled = (text) => new Set([...text.matchAll(/^(\S+) installed$/gm)].map(([, name]) => name));
