import { join } from "node:path";
import { checkNodeVersion, setUp } from "./lib/setUp.mjs";
import { root } from "./lib/cache.mjs";
import { canTalkTo } from "./lib/engineApi.mjs";
import { isPlain } from "./lib/engineChoice.mjs";
import { engineDown } from "./lib/engines.mjs";
import { ensureImages } from "./lib/images.mjs";
import { openVscode } from "./lib/openVscode.mjs";
import { execute, killRunning } from "./lib/run.mjs";
import { ownEngines, provideEngine } from "./lib/startEngine.mjs";

const usage = `usage: npm start -- [--once] [--yes] [--stop] [--help]
Sets everything up, builds and runs samples/node-app in a container, and opens VS Code on it.
  --once  stop after the job, with its exit code
  --yes   install and start an engine without asking where none runs
  --stop  stop the engine that an earlier npm start has started`;

const sample = join(root, "samples/node-app");
const log = console.log;

async function stop() {
  const stopped = await Promise.all(ownEngines.map((name) => engineDown(name)));
  log(stopped.some(Boolean) ? "Stopped the engine of npm start." : "No engine of npm start is running.");
}

/** The main job, once, through the core; resolves to the task's exit code. */
async function runSample(engine) {
  const argv = [process.execPath, join(root, "dist/cli.js"), "run", "--workspace", sample, "--engine", engine];
  // Ctrl-C reaches the job too, which then cleans up after itself; that is to be waited for.
  let interrupted = false;
  const onInterrupt = () => (interrupted = true);
  process.on("SIGINT", onInterrupt);
  const { code } = await execute(argv, { cwd: root, inherit: true });
  process.off("SIGINT", onInterrupt);
  return { code, interrupted };
}

/** What whoever goes on from here needs to know of an engine that only this script knows. */
function keepsRunning(title, endpoint) {
  return `${title} keeps running for the next time. To use it from this terminal: export DOCKER_HOST=${endpoint}
To stop it: npm start -- --stop`;
}

async function start({ once, yes }) {
  await setUp(log);
  const engine = await provideEngine({ yes, log });
  const { endpoint, choice, title, isOwn, command } = engine;
  log(`Engine: ${title} at ${endpoint}`);
  const canLookInto = isPlain(engine) && canTalkTo(endpoint);
  const made = canLookInto ? await ensureImages(endpoint, ["node:20"], log, { isOwn }) : [];
  const { code, interrupted } = await runSample(choice);
  if (isOwn) log(keepsRunning(title, endpoint));
  else if (made.length > 0) {
    log(`No registry answered: your engine now has a stand-in as node:20. To remove it: ${command} rmi node:20`);
  }
  if (once || interrupted) return code;
  if (code !== 0) log(`The job ended with code ${code}.`);
  const { lasted } = await openVscode(sample, choice, log);
  // What was said of it before has scrolled away by then.
  if (isOwn && lasted) log(keepsRunning(title, endpoint));
  return 0;
}

checkNodeVersion();
const flags = process.argv.slice(2);
const unknown = flags.find((flag) => !["--once", "--yes", "--stop", "--help"].includes(flag));
if (unknown || flags.includes("--help")) {
  (unknown ? console.error : log)(unknown ? `Unknown option: ${unknown}\n${usage}` : usage);
  process.exit(unknown ? 2 : 0);
}
process.once("SIGTERM", () => killRunning("SIGTERM"));
try {
  if (flags.includes("--stop")) await stop();
  else process.exitCode = await start({ once: flags.includes("--once"), yes: flags.includes("--yes") });
} catch (error) {
  console.error(`npm start: ${error.message}`);
  process.exitCode = 1;
}
