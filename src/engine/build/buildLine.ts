import { z } from "zod";

/** One value of the stream that POST /build answers, from Docker and Podman. */
const shape = z.object({
  id: z.string().optional(),
  stream: z.string().optional(),
  status: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).nullish(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).nullish(),
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

/** "exit code: 4" (BuildKit), "exit status 4" (buildah): builders say it in words only. */
export function exitCodeOf(detail: string): number | undefined {
  const found = /exit (?:code|status):? (\d+)/.exec(detail)?.[1];
  return found === undefined ? undefined : Number(found);
}
