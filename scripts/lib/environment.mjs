/**
 * What unsets the variables of this process whose names match, in a child's environment.
 * @param {RegExp} pattern
 * @returns {Record<string, undefined>}
 */
export const unsetVariables = (pattern) =>
  Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => pattern.test(name))
      .map((name) => [name, undefined]),
  );
