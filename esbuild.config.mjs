import { build } from "esbuild";
import { rm } from "node:fs/promises";

/** CommonJS and Node, as the extension host loads it; engine clients keep their optional native parts outside. */
const shared = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  minify: process.env["SLIPWAY_DEBUG_BUILD"] === undefined,
  sourcemap: process.env["SLIPWAY_DEBUG_BUILD"] === undefined ? false : "linked",
  // jsonc-parser's "main" is UMD, whose own require() no bundler can follow.
  mainFields: ["module", "main"],
  logLevel: "warning",
  legalComments: "none",
  // The names of error classes are seen in logs, and tell one error from another.
  keepNames: true,
};
// docker-modem's ssh support asks for these; Slipway does not use it and no bundle can carry native code.
const optionalNative = ["cpu-features", "*.node"];

await rm("dist", { recursive: true, force: true });
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
  // No externals: an import of vscode from the core cannot be resolved and fails the build. The rule for engine
  // clients, which could be bundled, is held by the second look below.
  build({
    ...shared,
    entryPoints: ["src/core/index.ts"],
    outfile: "dist/check/core.js",
    metafile: true,
  }).then(({ metafile }) => {
    const foreign = Object.keys(metafile.inputs).filter(
      (file) => /^src\/(?!core\/)/.test(file) || /node_modules\/(dockerode|docker-modem|protobufjs|@grpc)\//.test(file),
    );
    if (foreign.length > 0) throw new Error(`src/core reaches outside its layer: ${foreign.join(", ")}`);
  }),
]);
