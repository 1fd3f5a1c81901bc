import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { cachePath, makeOnce } from "../scripts/lib/cache.mjs";
import { hostRelease } from "../scripts/lib/debian.mjs";
import { address, call } from "../scripts/lib/engineApi.mjs";
import { membersUp } from "../scripts/lib/farm.mjs";
import { execute, findCommand, run } from "../scripts/lib/run.mjs";

const packages = ["docker-cli", "docker-buildx"];
/** Of npm; it has no dependencies. */
const devcontainerVersion = "0.89.0";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Debian unstable's packages, fetched with lists of their own: nothing of the machine's apt changes. */
async function unpackFromSid(target, log) {
  log(`Unpacking ${packages.join(" ")} of Debian unstable, once (apt-get download)`);
  const { mirror } = await hostRelease();
  const lists = join(target, "apt");
  for (const folder of ["lists/partial", "cache/archives/partial"]) {
    mkdirSync(join(lists, folder), { recursive: true });
  }
  const signedBy = existsSync(keyring) ? `[signed-by=${keyring}] ` : "";
  const source = `deb ${signedBy}${mirror || "http://deb.debian.org/debian"} sid main\n`;
  writeFileSync(join(lists, "sources.list"), source);
  const options = Object.entries({
    "Dir::Etc::sourcelist": join(lists, "sources.list"),
    "Dir::Etc::sourceparts": "-",
    "Dir::State::lists": join(lists, "lists"),
    "Dir::Cache": join(lists, "cache"),
  }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  await run(["apt-get", "-q", ...options, "update"]);
  await run(["apt-get", "-q", ...options, "download", ...packages], { cwd: lists });
  await run(["sh", "-c", 'for deb in "$1"/*.deb; do dpkg-deb --extract "$deb" "$2"; done', "sh", lists, target]);
  await rm(lists, { recursive: true });
}

export async function provideDockerCli(log) {
  const tree = await makeOnce(cachePath("trees", "docker-cli"), (target) => unpackFromSid(target, log), { log });
  const docker = join(tree, "usr/bin/docker");
  const buildx = join(tree, "usr/libexec/docker/cli-plugins/docker-buildx");
  for (const argv of [
    [docker, "--version"],
    [buildx, "version"],
  ]) {
    const { code, output } = await execute(argv);
    if (code !== 0) throw new Error(`${argv[0]} does not run on this machine: ${output}`);
  }
  return { docker, buildx };
}

export function makeDockerConfig(folder, buildx) {
  mkdirSync(join(folder, "cli-plugins"), { recursive: true });
  if (buildx !== undefined) symlinkSync(buildx, join(folder, "cli-plugins/docker-buildx"));
  writeFileSync(join(folder, "config.json"), "{}");
}

/** The docker client of Debian's docker.io, which is where the farm's docker20 comes from. */
export const oldDockerCli = () => ["/usr/bin/docker"].find((path) => existsSync(path));

export const podmanCli = () => findCommand("podman");

/** @returns the path of a program for Node. */
export async function provideDevcontainerCli(log) {
  const name = `@devcontainers/cli@${devcontainerVersion}`;
  const install = async (target) => {
    log(`Fetching ${name}, once (npm install)`);
    mkdirSync(target);
    const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
    await run(["npm", "install", "--prefix", target, ...options, name], { cwd: target });
  };
  const path = cachePath("trees", `devcontainer-cli-${devcontainerVersion}`);
  const tree = await makeOnce(path, install, { log });
  return join(tree, "node_modules/@devcontainers/cli/devcontainer.js");
}

export const askEngine = call;

/** The whole answer, for requests with a body. */
function post(endpoint, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { host: "engine", "content-type": "application/json" };
    const outgoing = request({ ...address(endpoint), method: "POST", path, headers }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      if (response.statusCode < 300) resolve(Buffer.concat(chunks));
      else reject(new Error(`${path}: ${response.statusCode} ${Buffer.concat(chunks)}`));
    });
    outgoing.on("error", reject).end(JSON.stringify(body));
  });
}

export async function execOverApi(endpoint, container, command) {
  const created = await post(endpoint, `/containers/${container}/exec`, {
    Cmd: command,
    AttachStdout: true,
    AttachStderr: true,
  });
  const { Id: id } = JSON.parse(created.toString());
  const frames = await post(endpoint, `/exec/${id}/start`, { Detach: false, Tty: false });
  let output = "";
  for (let offset = 0; offset < frames.length;) {
    const end = offset + 8 + frames.readUInt32BE(offset + 4);
    output += frames.toString("utf8", offset + 8, end);
    offset = end;
  }
  const { ExitCode: code } = await call(endpoint, `/exec/${id}/json`);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}`);
  return output;
}

export async function engineAddress(name) {
  if (name.includes(":")) return name;
  const address = (await membersUp())[name];
  if (address === undefined) throw new Error(`${name} is not up: npm run engines -- up ${name}`);
  return address;
}
