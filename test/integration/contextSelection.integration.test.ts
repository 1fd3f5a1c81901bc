import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExpectedError } from "../../src/core/errors/ExpectedError";
import { collectBuildInputs } from "../../src/core/fingerprint/collectBuildInputs";
import type { LocalImage } from "../../src/core/fingerprint/LocalImage";
import { InProcessScanner } from "../../src/core/fingerprint/scan/InProcessScanner";
import type { SentEntry } from "../../src/core/ports/BuildContext";
import { contentOfImage } from "./contentOfImage";
import { isPodman } from "./isPodman";
import { pathsIn } from "./pathsIn";
import { randomDockerfile, type RandomDockerfile } from "./randomDockerfile";
import { RandomSource } from "./RandomSource";
import { RandomTree } from "./RandomTree";
import { testEngines } from "./testEngines";

/** For runs by hand: more of them, others, and on Podman too (not on 4.3, which does not end on links in circles). */
const RUNS = Number(process.env["SLIPWAY_TEST_SELECTION_RUNS"] ?? "8");
const FIRST_SEED = Number(process.env["SLIPWAY_TEST_SELECTION_SEED"] ?? "1");
const PODMAN_TOO = process.env["SLIPWAY_TEST_SELECTION_ON_PODMAN"] === "1";
const EDITS = 7;
/** Of the edits that the builder serves wholly from its cache, in percent. In a short run, one of them is more than that. */
const MOST_NEEDLESS = 5;

/** What came of a build. */
interface Outcome {
  /** Undefined where it failed. */
  readonly imageId: string | undefined;
  /** Why it failed. */
  readonly problem: string;
  /** Whether every step came from the cache. */
  readonly cached: boolean;
  readonly content: () => Promise<readonly string[]>;
}

const engines = testEngines()
  .map((engine) => ({ ...engine, podman: isPodman(engine.address) }))
  .filter(({ podman }) => PODMAN_TOO || !podman);

for (const { name, address, connect, podman } of engines) {
  describe(`what of a context counts, on ${name}`, () => {
    const engine = connect();
    const run = randomBytes(4).toString("hex");
    const labels = { "dev.slipway.test": run };
    const root = mkdtempSync(join(tmpdir(), "slipway-selection-"));
    const scanner = new InProcessScanner();

    after(async () => {
      for (const { id, references } of await engine.listImages({ labels })) {
        for (const reference of references.length > 0 ? references : [id]) {
          await engine.removeImage(reference);
        }
      }
      rmSync(root, { recursive: true });
      await engine.close();
    });

    it(`is all that the builder takes, and little more (${String(RUNS)} Dockerfiles)`, async function () {
      this.timeout(RUNS * 60_000);
      const flags = await knownFlags();
      const counts = { builds: 0, failed: 0, served: 0, needless: 0, rebuilt: 0 };
      for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) {
        const random = new RandomSource(seed);
        const salt = `${run}-${String(seed)}`;
        const folder = join(root, String(seed));
        mkdirSync(join(folder, "context"), { recursive: true });
        const tree = new RandomTree({ root: join(folder, "context"), random, salt, linksOut: !podman });
        const dockerfile = randomDockerfile({ random, paths: tree.paths, salt, flags });
        const told = [`seed ${String(seed)}, ${JSON.stringify(dockerfile.args)}`, dockerfile.text, ...tree.paths];
        const outcomes = new Map<string, Outcome>();
        for (let edit = 0; edit <= EDITS; edit += 1) {
          const { fingerprint, selected, all } = await lookAt(folder, dockerfile);
          const whole = await build(dockerfile, all, folder);
          counts.builds += 1;
          const before = outcomes.get(fingerprint);
          // With a fingerprint that was there before, the same is sent as then.
          if (before === undefined && selected.length < all.length) {
            const less = await build(dockerfile, selected, folder);
            counts.builds += 1;
            await assertSame(less, whole, ["what is sent is not enough", ...told]);
          }
          if (before !== undefined) {
            await assertSame(whole, before, ["a change went unseen", ...told]);
          }
          outcomes.set(fingerprint, before ?? whole);
          if (whole.imageId === undefined) {
            counts.failed += 1;
          } else if (edit > 0) {
            const needless = before === undefined && whole.cached;
            counts.served += before !== undefined || needless ? 1 : 0;
            counts.needless += needless ? 1 : 0;
            counts.rebuilt += before === undefined && !needless ? 1 : 0;
            if (needless) {
              process.stdout.write(`      needless: ${told.join("\n        ")}\n`);
            }
          }
          if (whole.imageId === undefined && edit === 0 && random.chance(75)) {
            // Most of those will not be mended by an edit.
            break;
          }
          told.push(tree.edit());
        }
      }
      const percent = (100 * counts.needless) / Math.max(1, counts.served);
      process.stdout.write(
        `      ${JSON.stringify(counts)}: ${percent.toFixed(1)} % of what the cache serves counts\n`,
      );
      // What Podman's cache serves, its events do not say of every step.
      assert.ok(
        podman || counts.needless <= Math.max(1, (counts.served * MOST_NEEDLESS) / 100),
        `${percent.toFixed(1)} % of the edits count for nothing`,
      );
      assert.ok(RUNS < 8 || counts.served >= RUNS, "too few edits were served from the cache to tell anything");
    });

    async function assertSame(one: Outcome, other: Outcome, told: readonly string[]): Promise<void> {
      if (one.imageId !== other.imageId) {
        const problems = `${one.problem}${other.problem}`;
        assert.equal(one.imageId === undefined, other.imageId === undefined, [...told, problems].join("\n"));
        assert.deepEqual(await one.content(), await other.content(), told.join("\n"));
      }
    }

    /** Those that the engine's own frontend has. */
    async function knownFlags(): Promise<ReadonlySet<"exclude" | "parents">> {
      const known = new Set<"exclude" | "parents">();
      for (const flag of ["exclude", "parents"] as const) {
        const text = `FROM scratch\nCOPY --${flag}${flag === "exclude" ? "=x" : ""} . /${run}/\n`;
        const { imageId } = await build({ text, args: {} }, [], root);
        if (imageId !== undefined) {
          known.add(flag);
        }
      }
      return known;
    }

    async function lookAt(
      folder: string,
      { text, args }: RandomDockerfile,
    ): Promise<{
      readonly fingerprint: string;
      readonly selected: readonly SentEntry[];
      readonly all: readonly SentEntry[];
    }> {
      const context = join(folder, "context");
      const dockerfile = join(folder, "Dockerfile");
      writeFileSync(dockerfile, text);
      const { fingerprint, snapshot } = await collectBuildInputs({
        folder,
        build: { dockerfile, context, args, target: undefined, platform: undefined },
        engine: await engine.info(),
        imageOf,
        scanner,
      });
      return {
        fingerprint,
        selected: await snapshot.entries(),
        all: pathsIn(context).map((path) => entryOf(context, path)),
      };
    }

    async function imageOf(reference: string): Promise<LocalImage | null> {
      const image = await engine.inspectImage(reference);
      const env = image?.config.env.map((one) => /^([^=]*)=(.*)$/su.exec(one) ?? []) ?? [];
      return image === undefined
        ? null
        : { id: image.id, env: Object.fromEntries(env.map(([, key = "", value = ""]) => [key, value])), onBuild: [] };
    }

    async function build(
      { text, args }: RandomDockerfile,
      entries: readonly SentEntry[],
      folder: string,
    ): Promise<Outcome> {
      const tag = `localhost/slipway-test/${run}:${randomBytes(4).toString("hex")}`;
      const dockerfile = { pathInContext: undefined, content: Buffer.from(text) };
      const context = { root: join(folder, "context"), entries, dockerfile };
      const states = new Map<string, string>();
      try {
        for await (const event of engine.buildImage({ context, tags: [tag], labels, args })) {
          if (event.type === "step" && /^\[.*\d\/\d+\] (?!FROM )/u.test(event.name)) {
            states.set(event.id, states.get(event.id) === "cached" ? "cached" : event.state);
          }
        }
      } catch (error) {
        assert.ok(error instanceof ExpectedError, String(error));
        return { imageId: undefined, problem: String(error), cached: false, content: async () => Promise.resolve([]) };
      }
      return {
        imageId: (await engine.inspectImage(tag))?.id,
        problem: "",
        cached: [...states.values()].every((state) => state === "cached"),
        content: async () => contentOfImage(address, tag),
      };
    }
  });
}

function entryOf(folder: string, path: string): SentEntry {
  const at = join(folder, path);
  const stats = lstatSync(at);
  const { mtimeMs } = stats;
  const mode = stats.mode & 0o7777;
  if (stats.isSymbolicLink()) {
    return { kind: "symlink", path, target: readlinkSync(at), mtimeMs };
  }
  if (stats.isDirectory()) {
    return { kind: "directory", path, mode, mtimeMs };
  }
  const sha256 = createHash("sha256").update(readFileSync(at)).digest("hex");
  return { kind: "file", path, mode, size: stats.size, sha256, mtimeMs };
}
