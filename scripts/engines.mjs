import { engineDown, engineStatus } from "./lib/engines.mjs";
import { engineTable, testEngines, testFarm } from "./lib/engineTable.mjs";
import { farmEnvironment, firstEngine, membersUp, memberUp } from "./lib/farm.mjs";
import { ensureImages } from "./lib/images.mjs";
import { withoutPassword } from "./lib/registry.mjs";
import { removeEngine } from "./lib/removeEngine.mjs";
import { killRunning } from "./lib/run.mjs";

const usage = `usage: npm run engines -- up|down|status|remove [NAME ...]
Engines of Slipway's own and an image registry, for tests: ${testFarm.join(", ")} (all of them where none is named).
With SLIPWAY_TEST_ENGINES unset, npm test and scripts/mocha.mjs use those that are up.
down leaves their data; remove leaves nothing but the packages that were installed for them.`;

const shown = ({ endpoint, version }) => `${version} ${withoutPassword(endpoint)}`;

const commands = {
  async up(name) {
    return shown(await memberUp(name, { keep: true }));
  },
  async down(name) {
    return (await engineDown(name)) ? "stopped" : "was not running";
  },
  async status(name) {
    const status = await engineStatus(name);
    return status ? shown(status) : "down";
  },
  async remove(name) {
    return (await removeEngine(name)) ? "removed" : "was not there";
  },
};

const [command, ...named] = process.argv.slice(2);
const unknown = named.find((name) => !Object.hasOwn(engineTable, name));
if (command === undefined || !Object.hasOwn(commands, command) || unknown) {
  console.error(unknown ? `Unknown engine: ${unknown}\n${usage}` : usage);
  process.exit(2);
}
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    killRunning("SIGTERM");
    process.exitCode = 130;
  });
}

async function report(name, result) {
  try {
    console.log(`${name} ${await result}`);
  } catch (error) {
    console.error(`${name} failed: ${error.message}`);
    process.exitCode ||= 1;
  }
}

// At the same time, since most of it is waiting; told in order.
const all = command === "remove" ? testEngines : testFarm;
const names = named.length > 0 ? named : all;
const results = names.map((name) => [name, commands[command](name)]);
for (const [, result] of results) result.catch(() => {});
for (const [name, result] of results) await report(name, result);
if (command === "up" && process.exitCode === undefined) {
  const { SLIPWAY_TEST_ENGINES: up } = farmEnvironment(await membersUp());
  // The tests in a window run on the first engine that is up, on the sample.
  if (up !== "") await ensureImages(firstEngine(up), ["node:20"]);
}
