import { EngineLostError, EngineRequestError } from "../core/errors/engineErrors";
import { ImageNotFoundError } from "../core/errors/imageErrors";
import { isImageReference } from "../core/image/isImageReference";
import type { BuildEvent } from "../core/ports/BuildEvent";
import type { PullImageOptions } from "../core/ports/ContainerEngine";
import { imageRegistry } from "./credentials/imageRegistry";
import { noCredentials, type RegistryCredentials } from "./credentials/RegistryCredentials";
import { registryAuthHeader } from "./credentials/registryHeaders";
import type { EngineConnection } from "./EngineConnection";
import { fullReference } from "./fullReference";
import { pulledImage } from "./pulledImage";
import { readTransfer } from "./readTransfer";
import { splitTag } from "./splitTag";
import { transferRefusal } from "./transferRefusal";
import { Warnings } from "./Warnings";

/**
 * POST /images/create. A refusal comes as a status or, once the answer has begun, as a line of it.
 *
 * @returns the name or the ID by which the engine must have the image now: an engine that is shut down ends its answer as if
 * it were complete, also when all that it has is an older image.
 */
export async function* pullOverApi(
  connection: EngineConnection,
  { reference, platform, signal }: PullImageOptions,
  credentials: RegistryCredentials = noCredentials,
): AsyncGenerator<BuildEvent, string> {
  if (!isImageReference(reference)) {
    throw new ImageNotFoundError(reference, "this is not the name of an image");
  }
  yield { type: "progress", message: `Pulling ${reference}` };
  const during = `pulling ${reference}`;
  const target = imageRegistry(reference);
  const warnings = new Warnings();
  const login = await credentials.find(target, { signal, onWarning: warnings.add });
  yield* warnings.take();
  const refused = (status: number, detail: string): Error =>
    transferRefusal({ reference, registry: target.registry, engine: connection.name, during, status, detail });
  const asked = login === undefined ? withTag(reference) : fullReference(reference);
  let pulled: string | undefined;
  try {
    const lines = await connection.stream({
      method: "POST",
      path: "/images/create",
      query: { fromImage: asked, platform },
      ...(login === undefined ? {} : { headers: registryAuthHeader(target, login) }),
      during,
      signal,
    });
    yield* readTransfer(
      lines,
      (detail) => (detail === undefined ? new EngineLostError(connection.name, during) : refused(200, detail)),
      (line) => {
        pulled = pulledImage(line, asked) ?? pulled;
        return pulled !== undefined;
      },
    );
  } catch (error) {
    throw error instanceof EngineRequestError ? refused(error.status, error.detail) : error;
  }
  return pulled ?? asked;
}

/** Without a tag or digest, engines would pull every tag of the repository. */
function withTag(reference: string): string {
  const { tag } = splitTag(reference);
  return tag !== undefined || reference.includes("@") ? reference : `${reference}:latest`;
}
