import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { root } from "./cache.mjs";
import { chooseEngine } from "./engineChoice.mjs";
import { engineStatus, engineUp } from "./engines.mjs";
import { engineTable } from "./engineTable.mjs";
import { execute, findCommand } from "./run.mjs";

/** The engines that `npm start` starts where the machine runs none, in order of preference. */
export const ownEngines = ["start-docker", "start-podman"];

/** What Slipway itself finds: one line of JSON for each place it looked at. */
async function findEngines() {
  const argv = [process.execPath, join(root, "dist/cli.js"), "engines", "--json"];
  const { output } = await execute(argv, { cwd: root, timeout: 30_000 });
  return output.split("\n").flatMap((line) => {
    try {
      const found = JSON.parse(line);
      return typeof found?.ok === "boolean" ? [found] : [];
    } catch {
      return [];
    }
  });
}

/** Of the many places looked at, only those that hold something, or that somebody has named, are worth a word. */
const isThere = ({ endpoint, source }) =>
  ["DOCKER_HOST", "CONTAINER_HOST"].includes(source) ||
  !endpoint.startsWith("unix://") ||
  existsSync(endpoint.slice("unix://".length));

async function confirm(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return !/^n/i.test((await terminal.question(`${question} [Y/n] `)).trim());
  } finally {
    terminal.close();
  }
}

/** Docker unless only Podman is there already: what is installed needs no download. */
function preferredEngine() {
  const installed = ownEngines.find((name) => engineTable[name].engine.needs.commands.every(findCommand));
  return { name: installed ?? ownEngines[0], isInstalled: installed !== undefined };
}

const own = (name, { endpoint, version }) => ({
  endpoint,
  choice: endpoint,
  title: `${engineTable[name].engine.title} ${version}`,
  isOwn: true,
});

async function startOwn(yes, log) {
  const { name, isInstalled } = preferredEngine();
  const { title, needs } = engineTable[name].engine;
  const install = isInstalled ? "" : `install ${title} from this system's packages (${needs.packages.join(" ")}) and `;
  const question = `${install}start a ${title} just for Slipway, with a data folder of its own?`;
  if (!yes && process.stdin.isTTY && !(await confirm(question[0].toUpperCase() + question.slice(1)))) {
    throw new Error("no engine: start Docker or Podman and run npm start again");
  }
  const order = [name, ...ownEngines.filter((other) => other !== name)];
  const problems = [];
  for (const candidate of order) {
    try {
      return own(candidate, await engineUp(candidate, { keep: true, log }));
    } catch (error) {
      problems.push(`${engineTable[candidate].engine.title}: ${error.message}`);
    }
  }
  throw new Error(`no engine could be started.\n${problems.join("\n")}`);
}

/**
 * An engine to work with, on this machine: one that runs, one that an earlier start left running, or a new one.
 * @param {{ yes: boolean, log: (line: string) => void }} options
 * @returns {Promise<{ endpoint: string, choice: string, title: string, isOwn: boolean, command?: string }>} choice: what
 *   to tell Slipway; command: the program that talks to a user's engine
 */
export async function provideEngine({ yes, log }) {
  const found = await findEngines();
  const { engine, passedOver } = chooseEngine(found);
  for (const { endpoint, source } of passedOver) {
    log(
      `Not used: ${endpoint} (${source}). It is on another machine, which does not have the sample's folder to mount.`,
    );
  }
  if (engine) {
    const title = engine.kind === "podman" ? "Podman" : "Docker";
    const { endpoint, choice, version } = engine;
    return { endpoint, choice, title: `${title} ${version}`, command: title.toLowerCase(), isOwn: false };
  }
  for (const name of ownEngines) {
    const status = await engineStatus(name);
    if (status) return own(name, status);
  }
  log("No running Docker or Podman was found on this machine.");
  for (const { endpoint, problem } of found.filter((each) => !each.ok && isThere(each)))
    log(`  ${endpoint}: ${problem}`);
  return startOwn(yes, log);
}
