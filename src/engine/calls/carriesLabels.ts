import type { Labels } from "../../core/ports/ContainerTypes";

/** Whether `labels` has all of `wanted`. */
export function carriesLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/**
 * The same as an engine's filter, in JSON, as far as engines agree: of several labels Podman 4.3 finds no image at all, and
 * any volume that has one of them; and it refuses a list of none. So only the first is asked for, and `carriesLabels` does
 * the rest.
 */
export function labelFilters(labels: Labels, others: Readonly<Record<string, readonly string[]>> = {}): string {
  const label = Object.entries(labels)
    .slice(0, 1)
    .map(([name, value]) => `${name}=${value}`);
  return JSON.stringify({ ...(label.length === 0 ? {} : { label }), ...others });
}
