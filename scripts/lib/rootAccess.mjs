import { execute, findCommand, run, searchPath } from "./run.mjs";

/** sudo starts with a clean environment; these are what a download behind a proxy needs. */
const passedOn = ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].concat([
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
]);

export const isRoot = () => process.getuid?.() === 0;

let prefix;

async function findPrefix() {
  if (isRoot()) return [];
  if (process.getuid === undefined) throw new Error("this needs a Unix system");
  if (!findCommand("sudo")) throw new Error("this needs root, and there is no sudo: run it as root, or install sudo");
  if ((await execute(["sudo", "-n", "true"])).code === 0) return ["sudo", "-n"];
  if (!process.stdin.isTTY)
    throw new Error("this needs root, sudo asks for a password, and there is no terminal to ask on");
  console.log("Some set-up needs root. sudo may ask for your password.");
  await run(["sudo", "-v"], { inherit: true });
  // sudo forgets after some minutes, and the engines are to be stopped at the end.
  setInterval(() => void execute(["sudo", "-n", "-v"]), 120_000).unref();
  return ["sudo"];
}

/** Runs a command as root: as it is for root, else through sudo. Rejects with the reason where neither can be. */
export async function runAsRoot(argv, { env = {}, ...options } = {}) {
  prefix ??= findPrefix();
  prefix.catch(() => (prefix = undefined));
  const start = await prefix;
  if (start.length === 0) return run(argv, { env, ...options });
  const kept = Object.fromEntries(
    passedOn.filter((name) => process.env[name]).map((name) => [name, process.env[name]]),
  );
  const variables = Object.entries({ ...kept, PATH: searchPath, ...env }).map(([name, value]) => `${name}=${value}`);
  return run([...start, "env", ...variables, ...argv], options);
}
