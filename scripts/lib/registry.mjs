import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { cachePath, makeOnce } from "./cache.mjs";
import { freePort } from "./freePort.mjs";
import { unpackPackages } from "./packages.mjs";
import { run } from "./run.mjs";

const user = "slipway";

const readKept = (folder, name) =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : undefined;

/** What was kept in the folder under a name, else made and kept for the next time. */
function keep(folder, name, make) {
  const kept = readKept(folder, name) ?? make();
  writeFileSync(join(folder, name), kept, { mode: 0o600 });
  return kept;
}

const passwordOf = (folder) => keep(folder, "password", () => randomBytes(18).toString("base64url"));

/** The registry's settings; JSON is YAML, too. */
const settings = ({ folder, port }) => ({
  version: "0.1",
  log: { level: "warn", accesslog: { disabled: true } },
  storage: { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: true } },
  // It warns where it has to make the secret up itself.
  http: { addr: `127.0.0.1:${port}`, secret: randomBytes(18).toString("hex") },
  auth: { htpasswd: { realm: "Slipway's tests", path: join(folder, "htpasswd") } },
});

/** Where the registry's program is. Installed, the package would be a service of the system, on a port of its own. */
const tree = {
  path: () => cachePath("trees", "docker-registry"),
  remove: () => rm(tree.path(), { recursive: true, force: true }),
};

async function provideProgram(log) {
  await makeOnce(tree.path(), (target) => unpackPackages(["docker-registry"], target, log), { log });
  return join(tree.path(), "usr/bin/docker-registry");
}

/** Also where there was a file that others may read. */
function writeSecret(path, text) {
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode: 0o600 });
}

/** An image registry on 127.0.0.1, behind a name and a password; to these scripts it is one more engine. */
export const registry = {
  title: "the image registry",
  needs: { commands: ["htpasswd"], packages: ["apache2-utils"] },
  tree,
  isCallers: true,

  /** What its command line is known by. */
  mark: (folder) => join(folder, "registry.json"),

  /** @returns {Promise<{ argv: string[], env: Record<string, string> }>} */
  async prepare({ folder, mark, log }) {
    mkdirSync(join(folder, "data"), { recursive: true });
    const program = await provideProgram(log);
    const port = await freePort(Number(readKept(folder, "port") ?? 0));
    writeFileSync(join(folder, "port"), String(port));
    // Not as an argument: every user of the machine can read those.
    const hash = ["sh", "-c", 'printf %s "$PASSWORD" | htpasswd -niBC 5 "$0"', user];
    const line = await run(hash, { env: { PASSWORD: passwordOf(folder) } });
    writeSecret(join(folder, "htpasswd"), line);
    writeSecret(mark, JSON.stringify(settings({ folder, port }), undefined, 2));
    return { argv: [program, "serve", mark], env: { OTEL_TRACES_EXPORTER: "none" } };
  },

  /** With the password; what is for people is better off without. */
  endpoint: ({ folder }) =>
    `http://${user}:${readKept(folder, "password") ?? ""}@127.0.0.1:${readKept(folder, "port") ?? 0}`,

  /** The version of its interface, as it names it, or undefined while it does not answer. */
  version: (endpoint) =>
    new Promise((resolve) => {
      const { hostname, port, username, password } = new URL(endpoint);
      const options = { host: hostname, port, path: "/v2/", auth: `${username}:${password}`, timeout: 2000 };
      const call = request(options, (response) => {
        response.resume();
        resolve(response.statusCode === 200 ? response.headers["docker-distribution-api-version"] : undefined);
      });
      call.on("timeout", () => call.destroy());
      call.on("error", () => resolve(undefined));
      call.end();
    }),

  /** Whoever starts it next finds it empty, as the engines hold no containers then. */
  async cleanUp({ folder }) {
    await rm(join(folder, "data"), { recursive: true, force: true });
  },
};

/** A registry's address for people. */
export const withoutPassword = (endpoint) => endpoint.replace(/^(https?:\/\/[^:@/]+):[^@/]*@/, "$1:***@");
