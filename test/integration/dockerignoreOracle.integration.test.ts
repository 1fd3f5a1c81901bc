import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeDockerConfig, provideDockerCli } from "../../bench/environment.mjs";
import { BuildContextError } from "../../src/core/errors/imageErrors";
import { collectBuildInputs } from "../../src/core/fingerprint/collectBuildInputs";
import { InProcessScanner } from "../../src/core/fingerprint/scan/InProcessScanner";
import { isPodman } from "./isPodman";
import { pathsIn } from "./pathsIn";
import { randomIgnoreFile } from "./randomIgnoreFile";
import { RandomSource } from "./RandomSource";
import { RandomTree } from "./RandomTree";
import { testEngines } from "./testEngines";

const RUNS = Number(process.env["SLIPWAY_TEST_IGNORE_RUNS"] ?? "30");
const FIRST_SEED = Number(process.env["SLIPWAY_TEST_IGNORE_SEED"] ?? "1");
const DOCKERFILE = "FROM scratch\nCOPY . /\n";

// It is the client that leaves out what is ignored, so this asks Docker's own; engines make no difference.
const engine = testEngines().find(({ address }) => !isPodman(address));

if (engine !== undefined) {
  describe(`.dockerignore, with the docker CLI on ${engine.name}`, () => {
    const root = mkdtempSync(join(tmpdir(), "slipway-ignore-"));
    const config = join(root, "config");
    const scanner = new InProcessScanner();
    let docker: string;

    before(async function () {
      this.timeout(300_000);
      const cli = await provideDockerCli(() => undefined);
      docker = cli.docker;
      makeDockerConfig(config, cli.buildx);
    });

    after(() => {
      rmSync(root, { recursive: true });
    });

    it(`leaves the files that arrive there (${String(RUNS)} trees)`, async function () {
      this.timeout(RUNS * 5_000);
      let ignored = 0;
      for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) {
        const random = new RandomSource(seed);
        const folder = join(root, String(seed));
        const context = join(folder, "context");
        mkdirSync(context, { recursive: true });
        const tree = new RandomTree({ root: context, random, salt: String(seed) });
        const text = randomIgnoreFile(random, tree.paths);
        writeFileSync(join(folder, "Dockerfile"), DOCKERFILE);
        writeFileSync(
          random.chance(30) ? join(folder, "Dockerfile.dockerignore") : join(context, ".dockerignore"),
          text,
        );
        const told = `seed ${String(seed)}: ${JSON.stringify(text)} on ${JSON.stringify(pathsIn(context))}`;
        const arriving = await arrivingFrom(folder);
        const ours = await leftIn(folder);
        assert.deepEqual(ours, arriving, told);
        ignored += pathsIn(context).length - (arriving?.length ?? 0);
      }
      assert.ok(ignored > RUNS, "the patterns match something");
    });

    /** Undefined if the builder refuses a pattern. */
    async function arrivingFrom(folder: string): Promise<readonly string[] | undefined> {
      const output = join(folder, "output");
      const args = [
        "buildx",
        "build",
        "--quiet",
        "--output",
        `type=local,dest=${output}`,
        "--file",
        join(folder, "Dockerfile"),
        join(folder, "context"),
      ];
      const env = { ...process.env, DOCKER_HOST: engine?.address, DOCKER_CONFIG: config };
      try {
        await promisify(execFile)(docker, args, { env });
      } catch (error) {
        assert.match(String(error), /syntax error in pattern|illegal exclusion pattern/u);
        return undefined;
      }
      return pathsIn(output);
    }

    async function leftIn(folder: string): Promise<readonly string[] | undefined> {
      const build = { dockerfile: join(folder, "Dockerfile"), context: join(folder, "context"), args: {} };
      try {
        const { snapshot } = await collectBuildInputs({
          folder,
          build: { ...build, target: undefined, platform: undefined },
          engine: undefined,
          imageOf: async () => Promise.resolve(null),
          scanner,
        });
        return (await snapshot.entries()).map(({ path }) => path);
      } catch (error) {
        assert.ok(error instanceof BuildContextError, String(error));
        return undefined;
      }
    }
  });
}
