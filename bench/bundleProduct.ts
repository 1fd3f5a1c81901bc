import { copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import type { Product } from "./Product";

export type ProductModule = { readonly Product: typeof Product };

/** Where the bundles are that `npm run build` makes. */
export const DIST = join(__dirname, "../dist");

/**
 * Bundles Product as the extension is bundled, with its worker beside it: run from source, the worker would have to
 * compile itself first. @returns what loads it anew each time, with nothing left in memory from before.
 */
export async function bundleProduct(folder: string): Promise<() => ProductModule> {
  const file = join(folder, "product.js");
  await build({
    entryPoints: [join(__dirname, "Product.ts")],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    keepNames: true,
    mainFields: ["module", "main"],
    external: ["cpu-features", "*.node"],
    logLevel: "warning",
  });
  await copyFile(join(DIST, "contextWorker.js"), join(folder, "contextWorker.js"));
  const load = createRequire(file);
  return () => {
    Reflect.deleteProperty(load.cache, file);
    return load(file) as ProductModule;
  };
}
