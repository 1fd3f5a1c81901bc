import * as vscode from "vscode";

/** One output channel for each purpose. */
export class Outputs {
  /** What Slipway itself has to say, for whoever looks for a fault. */
  readonly log = vscode.window.createOutputChannel("Slipway", { log: true });
  readonly build = vscode.window.createOutputChannel("Slipway Build");
  readonly run = vscode.window.createOutputChannel("Slipway Run");

  dispose(): void {
    this.log.dispose();
    this.build.dispose();
    this.run.dispose();
  }
}
