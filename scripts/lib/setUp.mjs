import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root, shortHash, withCacheLock } from "./cache.mjs";
import { run } from "./run.mjs";

const oldestNode = 20;

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages ?? {};
  } catch {
    return undefined;
  }
}

/**
 * Whether what is installed is what the lock file says. npm keeps its own account of node_modules, written when an
 * install is complete, so this holds for an interrupted install and for one by hand alike.
 * @param {Record<string, { version?: string, integrity?: string, optional?: boolean }>} locked
 * @param {Record<string, { version?: string, integrity?: string }> | undefined} installed
 */
export function isInstalled(locked, installed) {
  if (installed === undefined) return false;
  const wanted = Object.entries(locked).filter(([path]) => path !== "");
  const same = ([path, { version, integrity, optional }]) => {
    const found = installed[path];
    // Another platform's packages are in the lock file and rightly not here.
    return found === undefined ? optional === true : found.version === version && found.integrity === integrity;
  };
  return wanted.every(same) && Object.keys(installed).every((path) => Object.hasOwn(locked, path));
}

/** The newest change below a folder; folders count, because removing a file changes only them. */
function newestChange(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

/**
 * Whether every output is there and none is older than an input.
 * @param {string[]} outputs paths in the tree, as are `inputs`
 * @param {string[]} inputs
 */
function isUpToDate(outputs, inputs) {
  const files = outputs.map((name) => join(root, name));
  if (!files.every((file) => existsSync(file))) return false;
  const oldest = Math.min(...files.map((file) => statSync(file).mtimeMs));
  return inputs.every((name) => !existsSync(join(root, name)) || newestChange(join(root, name)) <= oldest);
}

const bundles = ["dist/extension.js", "dist/cli.js", "dist/contextWorker.js"];

async function timed(title, work, log) {
  const start = Date.now();
  log(title);
  await work();
  log(`  done in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

/** Ends this process with a clear message where Node is too old for what follows. */
export function checkNodeVersion() {
  if (Number(process.versions.node.split(".")[0]) >= oldestNode) return;
  console.error(`Slipway needs Node ${oldestNode} or later; this is ${process.version} (${process.execPath}).`);
  process.exit(1);
}

const inTree = (work, log) => withCacheLock(`tree-${shortHash(root)}`, work, log);

/** Installs the dependencies and builds, each only if that is needed. */
export async function setUp(log = console.log) {
  checkNodeVersion();
  await inTree(async () => {
    const locked = readPackages(join(root, "package-lock.json"));
    if (locked === undefined) throw new Error("package-lock.json is missing or damaged");
    if (!isInstalled(locked, readPackages(join(root, "node_modules/.package-lock.json")))) {
      // No package of ours needs its install script: esbuild finds its binary without.
      const install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"];
      await timed("Installing dependencies (npm ci)", () => run(install, { cwd: root }), log);
    }
    if (!isUpToDate(bundles, ["src", "esbuild.config.mjs", "tsconfig.json", "node_modules/.package-lock.json"])) {
      await timed("Building", () => run([process.execPath, "esbuild.config.mjs"], { cwd: root }), log);
    }
  }, log);
}

/** Packages the extension unless that is done, and resolves to the .vsix's path. */
export async function packageExtension(log = console.log) {
  // What goes in is named in .vscodeignore, as exceptions of what stays out.
  const listed = readFileSync(join(root, ".vscodeignore"), "utf8").split("\n");
  const packed = listed.filter((line) => line.startsWith("!")).map((line) => line.slice(1).trim());
  const inputs = [".vscodeignore", ...packed];
  await inTree(async () => {
    if (isUpToDate(["dist/slipway.vsix"], inputs)) return;
    await timed("Packaging the extension", () => run(["npm", "run", "package"], { cwd: root }), log);
  }, log);
  return join(root, "dist/slipway.vsix");
}
