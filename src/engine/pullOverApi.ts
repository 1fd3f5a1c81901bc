import { EngineRequestError, ImageNotFoundError } from "../core/errors";
import { isImageReference } from "../core/image/isImageReference";
import type { BuildEvent } from "../core/ports/BuildEvent";
import type { PullImageOptions } from "../core/ports/ContainerEngine";
import { errorOf, parseBuildLine } from "./build/buildLine";
import type { EngineConnection } from "./EngineConnection";
import { readJsonLines } from "./stream/readJsonLines";

/** POST /images/create. A refusal comes as a status or, once the answer has begun, as a line of it. */
export async function* pullOverApi(
  connection: EngineConnection,
  { reference, platform, signal }: PullImageOptions,
): AsyncGenerator<BuildEvent> {
  if (!isImageReference(reference)) {
    throw new ImageNotFoundError(reference, "this is not the name of an image");
  }
  yield { type: "progress", message: `Pulling ${reference}` };
  try {
    const lines = await connection.stream({
      method: "POST",
      path: "/images/create",
      query: { fromImage: withTag(reference), platform },
      during: `pulling ${reference}`,
      signal,
    });
    for await (const value of readJsonLines(lines)) {
      const line = parseBuildLine(value);
      const error = errorOf(line);
      if (error !== undefined) {
        throw new ImageNotFoundError(reference, error);
      }
      const { current, total } = line.progressDetail ?? {};
      const message = [line.id, line.status ?? line.stream?.trim()].filter(Boolean).join(": ");
      if (message !== "") {
        yield {
          type: "progress",
          message,
          ...(current === undefined ? {} : { current }),
          ...(total === undefined ? {} : { total }),
        };
      }
    }
  } catch (error) {
    throw error instanceof EngineRequestError ? new ImageNotFoundError(reference, error.detail) : error;
  }
}

/** Without a tag or digest, engines would pull every tag of the repository. */
function withTag(reference: string): string {
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  return name.includes(":") || name.includes("@") ? reference : `${reference}:latest`;
}
