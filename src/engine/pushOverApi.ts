import { EngineLostError, EngineRequestError, ImageNotFoundError, RegistryAuthError } from "../core/errors";
import { isImageReference } from "../core/image/isImageReference";
import type { BuildEvent } from "../core/ports/BuildEvent";
import type { PushImageOptions } from "../core/ports/ContainerEngine";
import { errorOf, parseBuildLine, type BuildLine } from "./build/buildLine";
import { imageRegistry } from "./credentials/imageRegistry";
import { isLoginRefusal } from "./credentials/isLoginRefusal";
import { noCredentials, type RegistryCredentials } from "./credentials/RegistryCredentials";
import { registryAuthHeader } from "./credentials/registryHeaders";
import type { EngineConnection } from "./EngineConnection";
import { readTransfer } from "./readTransfer";

/** POST /images/NAME/push. Whatever fails comes as a line of an answer 200, or with nearly any status. */
export async function* pushOverApi(
  connection: EngineConnection,
  { reference, signal }: PushImageOptions,
  credentials: RegistryCredentials = noCredentials,
): AsyncGenerator<BuildEvent> {
  if (!isImageReference(reference) || reference.includes("@")) {
    throw new ImageNotFoundError(reference, "this is not a name under which an image can be pushed");
  }
  const { name, tag } = splitTag(reference);
  const during = `pushing ${reference}`;
  yield { type: "progress", message: `Pushing ${reference}` };
  const target = imageRegistry(reference);
  const warnings: string[] = [];
  const login = await credentials.find(target, { signal, onWarning: (message) => warnings.push(message) });
  yield* warnings.map((message) => ({ type: "warning" as const, message }));
  const refused = (status: number, detail: string): Error => {
    if (status === 404 || IS_NOT_HERE.test(detail)) {
      return new ImageNotFoundError(reference, detail);
    }
    return isLoginRefusal(status, detail)
      ? new RegistryAuthError(reference, target.registry, detail)
      : new EngineRequestError(status, during, detail);
  };
  try {
    const lines = await connection.stream({
      method: "POST",
      path: `/images/${name}/push`,
      query: { tag },
      headers: registryAuthHeader(target, login),
      during,
      signal,
    });
    yield* readTransfer(
      lines,
      (detail) => (detail === undefined ? new EngineLostError(connection.name, during) : refused(200, detail)),
      saysDigest,
    );
  } catch (error) {
    throw error instanceof EngineRequestError ? refused(error.status, wordsOf(error.detail)) : error;
  }
}

/** Podman 5.8 refuses with a status and, as its reason, the line that others have in their answer. */
function wordsOf(detail: string): string {
  try {
    return errorOf(parseBuildLine(JSON.parse(detail))) ?? detail;
  } catch {
    return detail;
  }
}

/** The last word: under which digest the registry has it. Docker says so twice, Podman in words only. */
function saysDigest({ aux, status = "" }: BuildLine): boolean {
  return (typeof aux === "object" && aux?.Digest !== undefined) || /: digest: \w+:[0-9a-f]+ /.test(status);
}

/** Docker's words, in a line of an answer 200. Podman answers 404. */
const IS_NOT_HERE = /^An image does not exist locally with the tag/;

/** Without a tag, engines would push every tag of the repository. */
function splitTag(reference: string): { readonly name: string; readonly tag: string } {
  const colon = reference.indexOf(":", reference.lastIndexOf("/") + 1);
  return colon < 0
    ? { name: reference, tag: "latest" }
    : { name: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}
