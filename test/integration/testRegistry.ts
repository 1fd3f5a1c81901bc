export interface TestRegistry {
  /** Host and port, as they stand before the name of an image. */
  readonly address: string;
  readonly username: string;
  readonly password: string;
}

/** The registry that wants a login: SLIPWAY_TEST_REGISTRY, "http://name:password@127.0.0.1:port". */
export function testRegistry(): TestRegistry {
  const text = process.env["SLIPWAY_TEST_REGISTRY"] ?? "";
  if (text === "") {
    throw new Error('Set SLIPWAY_TEST_REGISTRY, or run "npm test", which starts a registry and sets it.');
  }
  const { host, username, password } = new URL(text);
  return { address: host, username: decodeURIComponent(username), password: decodeURIComponent(password) };
}
