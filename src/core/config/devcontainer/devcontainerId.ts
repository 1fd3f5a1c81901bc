import { createHash } from "node:crypto";

/**
 * What `${devcontainerId}` stands for: the specification's hash over the labels by which Dev Containers finds a folder's
 * container, so that volumes named after it are the same ones.
 *
 * @param folder absolute, as is the path of `file`.
 */
export function devcontainerId(folder: string, file: string): string {
  const labels = JSON.stringify({ "devcontainer.config_file": file, "devcontainer.local_folder": folder });
  const digest = createHash("sha256").update(labels).digest("hex");
  // 256 bits in base 32.
  return BigInt(`0x${digest}`).toString(32).padStart(52, "0");
}
