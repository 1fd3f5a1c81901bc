import { z } from "zod";
import type { BuildEvent } from "../../core/ports/BuildEvent";

/** One value of the stream that POST /build answers, from Docker and Podman. */
const shape = z.object({
  id: z.string().optional(),
  stream: z.string().optional(),
  status: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).nullish(),
  error: z.string().optional(),
  errorDetail: z.object({ code: z.number().optional(), message: z.string().optional() }).nullish(),
  aux: z.union([z.string(), z.object({ ID: z.string().optional(), Digest: z.string().optional() })]).nullish(),
});
export type BuildLine = z.infer<typeof shape>;

/** @returns an empty line for a value of another shape: engines add kinds of lines over time. */
export function parseBuildLine(value: unknown): BuildLine {
  return shape.safeParse(value).data ?? {};
}

/** The engine's words for why it failed, where the line says that it did. */
export function errorOf({ error, errorDetail }: BuildLine): string | undefined {
  const detail = errorDetail?.message?.trim();
  return detail === undefined || detail === "" ? (error?.trim() ?? detail) : detail;
}

/**
 * "exit code: 4" (BuildKit), "exit status 4" (buildah), "a non-zero code: 4" (Docker's classic builder): builders say it in
 * words only, after the command, in which the same words may be. Without its beginning, the expression would take the
 * square of the time where there are none.
 */
export function exitCodeOf(detail: string): number | undefined {
  const found = /^.*\b(?:exit (?:code|status)|non-zero code):? (\d+)/s.exec(detail)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** What an image on its way has come to; nothing where the line says nothing of that. */
export function* progressOf({ id, status, stream, progressDetail }: BuildLine): Generator<BuildEvent> {
  const message = [id, status ?? stream?.trim()].filter(Boolean).join(": ");
  if (message !== "") {
    const { current, total } = progressDetail ?? {};
    yield {
      type: "progress",
      message,
      ...(current === undefined ? {} : { current }),
      ...(total === undefined ? {} : { total }),
    };
  }
}
