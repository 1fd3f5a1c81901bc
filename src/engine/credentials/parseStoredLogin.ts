import { z } from "zod";
import type { RegistryLogin } from "./RegistryCredentials";

const shape = z.object({
  auth: z.string().nullish(),
  username: z.string().nullish(),
  password: z.string().nullish(),
  identitytoken: z.string().nullish(),
});

/**
 * One entry of "auths": {"auth": base64 of "name:password"}, name and password by themselves, or an identity token.
 *
 * @returns "none" for the empty entry that stands for a login kept elsewhere, "invalid" for what is no entry.
 */
export function parseStoredLogin(entry: unknown): RegistryLogin | "none" | "invalid" {
  const parsed = shape.safeParse(entry);
  if (!parsed.success) {
    return "invalid";
  }
  const { auth, username, password, identitytoken: token } = parsed.data;
  if (token) {
    return { kind: "identity-token", token };
  }
  if (auth) {
    return decode(auth);
  }
  return username && password ? { kind: "password", username, password } : "none";
}

function decode(auth: string): RegistryLogin | "invalid" {
  // Docker pads with NUL (decodeAuth of docker/cli).
  const text = Buffer.from(auth, "base64")
    .toString("utf8")
    .replace(/^\0+|\0+$/g, "");
  const colon = text.indexOf(":");
  return colon < 1 ? "invalid" : { kind: "password", username: text.slice(0, colon), password: text.slice(colon + 1) };
}
