import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import fc from "fast-check";
import { parseSlipwayFile } from "./parseSlipwayFile";
import { readRunConfiguration } from "./readRunConfiguration";
import { readSetup } from "./readSteps";
import { readTask } from "./readTask";
import type { StepConfiguration } from "./WorkspaceConfiguration";

const folder = resolve("/w");

/** Values of which the schema takes some and refuses others. */
const word = fc.oneof(
  fc.constantFrom(
    "a",
    "a b",
    "/a",
    "/a/",
    "../a",
    "a/",
    "/",
    "/proc/x",
    "~/a",
    "",
    "x\n",
    "**/*.js",
    "[",
    "host",
    "1:2",
  ),
  fc.constantFrom("1m", "2g", "0", "10m", "0x", "3000", "8080:80", "./a:/b", "v1:/c:ro", "type=tmpfs,target=/t"),
  fc.string({ maxLength: 4 }),
);
const number = fc.oneof(fc.constantFrom(0, 1, 3000, 1e7, 0.5, -1), fc.double({ noNaN: true, noDefaultInfinity: true }));
const value = fc.oneof(word, number, fc.boolean(), fc.array(word, { maxLength: 3 }));
const object = (keys: readonly string[]) => fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 4 });

const command = fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 3 }));
const step = (more: readonly string[]) =>
  fc.oneof(
    command,
    fc
      .tuple(object(["name", "env", "user", "workingDirectory", "timeout", "continueOnError", ...more]), command)
      .map(([rest, own]) => ({ ...rest, command: own })),
  );
const copies = fc.array(
  fc.record({ source: word, target: word, onFailure: fc.boolean() }, { requiredKeys: ["source", "target"] }),
  {
    minLength: 1,
    maxLength: 2,
  },
);
const mounts = fc.array(fc.constantFrom("./a:/b", "v1:/b/", "v1:/c:ro", "type=tmpfs,target=/t"), { maxLength: 3 });
const task = fc
  .tuple(
    fc.oneof(
      command.map((own) => ({ command: own })),
      fc.array(step(["pause"]), { minLength: 1, maxLength: 4 }).map((steps) => ({ steps })),
    ),
    fc.oneof(fc.constant({}), object(["user", "workingDirectory", "timeout", "interactive"])),
    fc.oneof(
      fc.constant({}),
      copies.map((items) => ({ copyIn: items.map(({ source, target }) => ({ source, target })) })),
      copies.map((copyOut) => ({ copyOut })),
    ),
  )
  .map((parts) => Object.assign({}, ...parts) as Readonly<Record<string, unknown>>);
const lists = object(["ports", "capAdd", "capDrop", "securityOpt", "entrypoint", "envFile"]);
const scalars = object([
  "workspace",
  "workspaceFolder",
  "user",
  "network",
  "cpus",
  "memory",
  "pids",
  "init",
  "keepWarm",
]);
const file = fc.record(
  {
    run: fc.oneof(
      fc.tuple(lists, scalars).map(([some, others]) => ({ ...some, ...others })),
      mounts.map((some) => ({ mounts: some })),
    ),
    setup: fc.array(step(["inputs"]), { maxLength: 3 }),
    tasks: fc.dictionary(fc.constantFrom("a", "b"), task, { maxKeys: 2 }),
  },
  { requiredKeys: [] },
);

function checkSteps(steps: readonly StepConfiguration[]): void {
  assert.ok(steps.length > 0);
  assert.equal(new Set(steps.map(({ name }) => name)).size, steps.length, "names are unique");
  for (const { name, command: argv, workingDirectory = "/x", timeoutMs = 1 } of steps) {
    assert.ok(name !== "" && !/\p{Cc}/u.test(name), JSON.stringify(name));
    assert.notEqual(argv[0] ?? "", "");
    assert.ok(workingDirectory.startsWith("/"), workingDirectory);
    assert.ok(timeoutMs > 0 && Number.isInteger(timeoutMs));
  }
}

describe("slipwayFile", () => {
  it("takes nothing that cannot be read, and what is read has the form that is promised", () => {
    let taken = 0;
    fc.assert(
      fc.property(file, (content) => {
        const result = parseSlipwayFile(JSON.stringify(content), "slipway.json");
        if (result.kind === "invalid") {
          return;
        }
        const { run: section = {}, setup = [], tasks = {} } = result.value;
        taken += Object.keys(content).length > 0 ? 1 : 0;
        const run = readRunConfiguration(section, { base: folder, home: folder });
        const targets = (run.mounts ?? []).map(({ target }) => target);
        assert.equal(new Set(targets).size, targets.length);
        assert.ok(run.workspaceFolder.startsWith("/") && !/.\/$/.test(run.workspaceFolder));
        assert.ok((run.envFiles ?? []).every(isAbsolute));
        if (setup.length > 0) {
          checkSteps(readSetup(setup, run.workspaceFolder));
        }
        for (const [name, own] of Object.entries(tasks)) {
          const { steps, copyIn = [], copyOut = [] } = readTask(name, own, { folder, ...run });
          checkSteps(steps);
          assert.ok([...copyIn.map(({ target }) => target), ...copyOut.map(({ source }) => source)].every(isAbsolute));
          assert.ok(copyOut.every(({ target }) => target === folder || join(target).startsWith(folder)));
        }
      }),
      { numRuns: 500 },
    );
    assert.ok(taken > 25, `only ${String(taken)} files were taken`);
  });

  const root = join(__dirname, "..", "..", "..");
  const documented = [
    ...readFileSync(join(root, "docs", "configuration.md"), "utf8").matchAll(/^```jsonc\n([^]*?)^```$/gm),
  ];
  const samples = readdirSync(join(root, "samples")).map((name) => join(root, "samples", name, "slipway.json"));
  for (const [what, text] of [
    ...documented.map(
      ([, text = ""], index) => [`example ${String(index + 1)} of docs/configuration.md`, text] as const,
    ),
    ...samples.map((path) => [path.slice(root.length + 1), readFileSync(path, "utf8")] as const),
  ]) {
    it(`takes ${what}`, () => {
      const result = parseSlipwayFile(text, "slipway.json");
      assert.equal(result.kind, "valid", JSON.stringify(result));
    });
  }
});
