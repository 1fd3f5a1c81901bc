import { build } from "esbuild";
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** With SLIPWAY_DEBUG_BUILD set, the bundles are made to be read and debugged. */
const debug = process.env["SLIPWAY_DEBUG_BUILD"] !== undefined;

/** CommonJS for Node, as the extension host loads it. */
const shared = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  minify: !debug,
  sourcemap: debug ? "linked" : false,
  // jsonc-parser's "main" is UMD, whose own require() no bundler can follow.
  mainFields: ["module", "main"],
  // The names of error classes are seen in logs, and tell one error from another.
  keepNames: true,
  legalComments: "none",
  logLevel: "warning",
};
// docker-modem's ssh support asks for these; Slipway does not use it and no bundle can carry native code.
const optionalNative = ["cpu-features", "*.node"];

/** All that the core may take from npm; the last ones are what tar-stream is made of. */
const corePackages = [
  "jsonc-parser",
  "zod",
  "tar-stream",
  "streamx",
  "b4a",
  "fast-fifo",
  "events-universal",
  "text-decoder",
];

/**
 * Bundles every file of the core with no externals: an import of vscode cannot be resolved and fails the build. What
 * could be bundled but must not be, another layer or any package but those of the core, is found among the inputs.
 */
async function checkCore() {
  const files = readdirSync("src/core", { recursive: true })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => join("src/core", file));
  const { metafile } = await build({
    ...shared,
    entryPoints: files,
    outdir: "dist/check",
    write: false,
    metafile: true,
  });
  const isOfCore = (file) => {
    const name = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
    return name === undefined ? file.startsWith("src/core/") : corePackages.includes(name);
  };
  const foreign = Object.keys(metafile.inputs).filter((file) => !isOfCore(file));
  if (foreign.length > 0) throw new Error(`src/core reaches outside its layer: ${foreign.join(", ")}`);
}

await Promise.all([
  build({
    ...shared,
    entryPoints: ["src/extension/extension.ts"],
    outfile: "dist/extension.js",
    external: ["vscode", ...optionalNative],
  }),
  build({
    ...shared,
    entryPoints: ["src/cli/main.ts"],
    outfile: "dist/cli.js",
    external: optionalNative,
    banner: { js: "#!/usr/bin/env node" },
  }),
  // What runs in a thread of its own; see src/core/fingerprint/scan/workerProgram.ts.
  build({
    ...shared,
    entryPoints: ["src/core/fingerprint/scan/contextWorker.ts"],
    outfile: "dist/contextWorker.js",
  }),
  checkCore(),
]);
