import { engineDown, engineStatus, engineTable, engineUp, testEngines } from "./lib/engines.mjs";
import { ensureImages, testImages } from "./lib/images.mjs";
import { killRunning } from "./lib/run.mjs";

const usage = `usage: node scripts/engines.mjs up|down|status [ENGINE ...]
Engines of Slipway's own, for tests: ${testEngines.join(", ")} (all of them where none is named).
With SLIPWAY_TEST_ENGINES unset, npm test and scripts/mocha.mjs use those that are up.`;

const commands = {
  async up(name) {
    const { endpoint, version } = await engineUp(name, { keep: true });
    await ensureImages(endpoint, testImages);
    return `${version} ${endpoint}`;
  },
  async down(name) {
    return (await engineDown(name)) ? "stopped" : "was not running";
  },
  async status(name) {
    const status = await engineStatus(name);
    return status ? `${status.version} ${status.endpoint}` : "down";
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
for (const name of named.length > 0 ? named : testEngines) {
  if (process.exitCode === 130) break;
  try {
    console.log(`${name} ${await commands[command](name)}`);
  } catch (error) {
    console.error(`${name} failed: ${error.message}`);
    process.exitCode ||= 1;
  }
}
