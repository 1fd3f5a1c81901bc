import assert from "node:assert/strict";
import { DevcontainerVariables } from "./DevcontainerVariables";

const options = {
  folder: "/home/me/my app",
  file: "/home/me/my app/.devcontainer/devcontainer.json",
  env: { USER: "me", EMPTY: "" },
};
const replace = (text: string, file: unknown = {}): unknown => new DevcontainerVariables(file, options).in(text);

describe("DevcontainerVariables", () => {
  for (const [text, expected] of [
    ["${localWorkspaceFolder}/x", "/home/me/my app/x"],
    ["${localWorkspaceFolderBasename}", "my app"],
    ["${containerWorkspaceFolder}/x", "/workspaces/my app/x"],
    ["${containerWorkspaceFolderBasename}", "my app"],
    ["${localEnv:USER}-${env:USER}", "me-me"],
    ["${localEnv:NONE}", ""],
    ["${localEnv:NONE:a b}", "a b"],
    ["${localEnv:EMPTY:x}", "x"],
    ["${localEnv:USER:x}", "me"],
    // Shells have variables of their own.
    ["${HOME} ${unknown:x} $USER ${localEnv", "${HOME} ${unknown:x} $USER ${localEnv"],
    ["${containerEnv:PATH}:/x", "${containerEnv:PATH}:/x"],
  ] as const) {
    it(`replaces ${text}`, () => {
      assert.equal(replace(text), expected);
    });
  }

  it("knows the variables of the container that the file sets", () => {
    const file = { containerEnv: { A: "${localEnv:USER}", B: "${containerEnv:PATH}", C: 1 } };
    assert.equal(
      replace("${containerEnv:A} ${containerEnv:B} ${containerEnv:C}", file),
      "me ${containerEnv:B} ${containerEnv:C}",
    );
  });

  it("takes where the workspace is from workspaceFolder, else from workspaceMount", () => {
    const at = (file: unknown): unknown => replace("${containerWorkspaceFolder}", file);
    const workspaceMount = "source=${localWorkspaceFolder},target=/src/${localWorkspaceFolderBasename},type=bind";
    assert.equal(at({ workspaceFolder: "/w/${localEnv:USER}", workspaceMount }), "/w/me");
    assert.equal(at({ workspaceMount }), "/src/my app");
    assert.equal(at({ workspaceFolder: 5, workspaceMount: "x" }), "/workspaces/my app");
    assert.equal(at(undefined), "/workspaces/my app");
  });

  it("replaces in every text of a value, and in nothing else", () => {
    const variables = new DevcontainerVariables({}, options);
    assert.deepEqual(variables.in({ "${localEnv:USER}": ["${localEnv:USER}", 1, null, true, { a: "${env:USER}" }] }), {
      "${localEnv:USER}": ["me", 1, null, true, { a: "me" }],
    });
  });

  it("has an ID that depends on the folder and the file alone, in 52 characters that a volume's name can have", () => {
    const id = String(replace("${devcontainerId}"));
    assert.match(id, /^[0-9a-v]{52}$/);
    assert.equal(replace("${devcontainerId}", { image: "x" }), id);
    const other = new DevcontainerVariables({}, { ...options, folder: "/home/me/other" });
    assert.notEqual(other.in("${devcontainerId}"), id);
  });
});
