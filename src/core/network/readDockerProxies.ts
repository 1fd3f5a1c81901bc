import { z } from "zod";
import { readRegularFile } from "../readRegularFile";

const address = z.string().optional().catch(undefined);
const proxiesShape = z.object({
  httpProxy: address,
  httpsProxy: address,
  noProxy: address,
  ftpProxy: address,
  allProxy: address,
});
const configShape = z.object({ proxies: z.record(z.string(), proxiesShape).nullish() });

/** By the address of an engine, or "default". */
export type DockerProxies = Readonly<Record<string, z.infer<typeof proxiesShape>>>;

/**
 * The section "proxies" of Docker's config.json. @returns an empty one where there is no such file or section, undefined
 * where the file is damaged or cannot be read.
 */
export async function readDockerProxies(path: string): Promise<DockerProxies | undefined> {
  try {
    const text = (await readRegularFile(path)).toString("utf8");
    return text.trim() === "" ? {} : (configShape.parse(JSON.parse(text)).proxies ?? {});
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? {} : undefined;
  }
}
