import { z } from "zod";
import type { VolumeSummary } from "../../core/ports/ContainerTypes";

const shape = z.object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullish() });
const list = z.object({ Volumes: z.array(shape).nullable() });

/** GET /volumes. */
export function parseVolumes(value: unknown): readonly VolumeSummary[] {
  return (list.parse(value).Volumes ?? []).map(({ Name, Labels }) => ({ name: Name, labels: Labels ?? {} }));
}
