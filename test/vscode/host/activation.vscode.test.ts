import assert from "node:assert/strict";
import * as vscode from "vscode";

interface Manifest {
  readonly contributes?: { readonly commands?: readonly { readonly command: string }[] };
}

describe("Activation", () => {
  it("registers every command that package.json contributes", async () => {
    const extension = vscode.extensions.getExtension("slipway.slipway");
    assert.ok(extension, "the extension is installed");
    await extension.activate();

    const manifest = extension.packageJSON as Manifest;
    const contributed = manifest.contributes?.commands?.map(({ command }) => command) ?? [];
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.notEqual(contributed.length, 0);
    assert.deepEqual(
      contributed.filter((command) => !registered.has(command)),
      [],
    );
  });
});
