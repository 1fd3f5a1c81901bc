import type { Labels } from "../../src/core/ports/ContainerTypes";

export function carries(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}
