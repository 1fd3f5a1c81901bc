import { EngineLostError, EngineRequestError, ImageNotFoundError, RegistryAuthError } from "../core/errors";
import { isImageReference } from "../core/image/isImageReference";
import type { BuildEvent } from "../core/ports/BuildEvent";
import type { PullImageOptions } from "../core/ports/ContainerEngine";
import { imageRegistry } from "./credentials/imageRegistry";
import { isLoginRefusal } from "./credentials/isLoginRefusal";
import { noCredentials, type RegistryCredentials } from "./credentials/RegistryCredentials";
import { registryAuthHeader } from "./credentials/registryHeaders";
import type { EngineConnection } from "./EngineConnection";
import { readTransfer } from "./readTransfer";

/** POST /images/create. A refusal comes as a status or, once the answer has begun, as a line of it. */
export async function* pullOverApi(
  connection: EngineConnection,
  { reference, platform, signal }: PullImageOptions,
  credentials: RegistryCredentials = noCredentials,
): AsyncGenerator<BuildEvent> {
  if (!isImageReference(reference)) {
    throw new ImageNotFoundError(reference, "this is not the name of an image");
  }
  yield { type: "progress", message: `Pulling ${reference}` };
  const during = `pulling ${reference}`;
  const target = imageRegistry(reference);
  const warnings: string[] = [];
  const login = await credentials.find(target, { signal, onWarning: (message) => warnings.push(message) });
  yield* warnings.map((message) => ({ type: "warning" as const, message }));
  const refused = (status: number, detail: string): Error =>
    isLoginRefusal(status, detail)
      ? new RegistryAuthError(reference, target.registry, detail)
      : new ImageNotFoundError(reference, detail);
  try {
    const lines = await connection.stream({
      method: "POST",
      path: "/images/create",
      query: { fromImage: withTag(reference), platform },
      ...(login === undefined ? {} : { headers: registryAuthHeader(target, login) }),
      during,
      signal,
    });
    yield* readTransfer(
      lines,
      (detail) => (detail === undefined ? new EngineLostError(connection.name, during) : refused(200, detail)),
      // Each engine has another last word, and Podman none.
      ({ status }) => status !== undefined,
    );
  } catch (error) {
    throw error instanceof EngineRequestError ? refused(error.status, error.detail) : error;
  }
}

/** Without a tag or digest, engines would pull every tag of the repository. */
function withTag(reference: string): string {
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  return name.includes(":") || name.includes("@") ? reference : `${reference}:latest`;
}
