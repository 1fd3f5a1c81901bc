import { EngineLostError, EngineRequestError } from "../core/errors/engineErrors";
import { ImageNotFoundError } from "../core/errors/imageErrors";
import { isImageReference } from "../core/image/isImageReference";
import type { BuildEvent } from "../core/ports/BuildEvent";
import type { PushImageOptions } from "../core/ports/ContainerEngine";
import { errorOf, parseBuildLine, type BuildLine } from "./build/buildLine";
import { imageRegistry } from "./credentials/imageRegistry";
import { noCredentials, type RegistryCredentials } from "./credentials/RegistryCredentials";
import { registryAuthHeader } from "./credentials/registryHeaders";
import type { EngineConnection } from "./EngineConnection";
import { fullReference } from "./fullReference";
import { readTransfer } from "./readTransfer";
import { splitTag } from "./splitTag";
import { transferRefusal } from "./transferRefusal";
import { Warnings } from "./Warnings";

/** POST /images/NAME/push. Whatever fails comes as a line of an answer 200, or with nearly any status. */
export async function* pushOverApi(
  connection: EngineConnection,
  { reference, signal }: PushImageOptions,
  credentials: RegistryCredentials = noCredentials,
): AsyncGenerator<BuildEvent> {
  if (!isImageReference(reference) || reference.includes("@")) {
    throw new ImageNotFoundError(reference, "this is not a name under which an image can be pushed");
  }
  const during = `pushing ${reference}`;
  yield { type: "progress", message: `Pushing ${reference}` };
  const target = imageRegistry(reference);
  const warnings = new Warnings();
  const login = await credentials.find(target, { signal, onWarning: warnings.add });
  yield* warnings.take();
  const refused = (status: number, detail: string): Error =>
    transferRefusal({ reference, registry: target.registry, engine: connection.name, during, status, detail });
  // Without a tag, engines would push every tag of the repository.
  const { name, tag = "latest" } = splitTag(login === undefined ? reference : fullReference(reference));
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
