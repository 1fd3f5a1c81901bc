const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes for people, in powers of 1000 as docker and podman show them: "812 kB", "1.2 GB". */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // Each unit takes over where the one before would be rounded up to it: never "1000 kB".
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ""}`;
}
