import * as vscode from "vscode";
import { z } from "zod";
import { EngineMonitor } from "../core/engine/EngineMonitor";
import { messageOf } from "../core/errors/ExpectedError";
import { formatEngineAddress } from "../core/ports/EngineEndpoint";
import { connectEngine } from "../engine/discovery/connectEngine";
import { CONTEXT, SETTING } from "./ids";
import { readSetting } from "./readSetting";

const CHOICE = "slipway.engine";

/** What the search for an engine is told. */
export interface EngineChoice {
  readonly address: string;
  readonly source: string;
}

/** The engine that this window uses, and what was chosen for it: in this workspace, else in the settings. */
export class EngineAccess {
  readonly monitor: EngineMonitor;
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly memory: vscode.Memento,
  ) {
    this.monitor = new EngineMonitor({
      connect: async (signal) =>
        connectEngine({ explicit: this.choice(), allowPlainTcp: this.allowsPlainTcp(), signal }),
    });
    this.subscription = vscode.Disposable.from(
      vscode.workspace.onDidChangeConfiguration((event) => {
        const settings = [SETTING.engine, SETTING.allowPlainTcp];
        if (settings.some((name) => event.affectsConfiguration(`${SETTING.section}.${name}`))) {
          this.monitor.reset();
        }
      }),
      this.monitor.onDidChange((state) => {
        // Of the views' welcome texts, the one that fits is shown.
        void vscode.commands.executeCommand("setContext", CONTEXT.noEngine, state.kind === "unavailable");
        switch (state.kind) {
          case "unknown":
            return;
          case "connected": {
            const { address, source } = state.engine.endpoint;
            this.log.info(`Using the engine at ${formatEngineAddress(address)} (${source})`);
            return;
          }
          case "unavailable":
            this.log.warn(messageOf(state.error));
        }
      }),
    );
  }

  /** The only place to look for an engine, if one was chosen. A choice for this workspace comes before the setting. */
  choice(): EngineChoice | undefined {
    const chosen = this.memory.get<EngineChoice>(CHOICE);
    if (chosen !== undefined) {
      return chosen;
    }
    const address = readSetting(SETTING.engine, z.string()).trim();
    return address === "" ? undefined : { address, source: vscode.l10n.t("the setting {0}", "slipway.engine") };
  }

  /** Remembers for this workspace which engine to use; undefined goes back to looking for one. */
  async choose(choice: EngineChoice | undefined): Promise<void> {
    await this.memory.update(CHOICE, choice);
    this.monitor.reset();
  }

  /** Whether something was chosen for this workspace. */
  get isChosen(): boolean {
    return this.memory.get<EngineChoice>(CHOICE) !== undefined;
  }

  allowsPlainTcp(): boolean {
    return readSetting(SETTING.allowPlainTcp, z.boolean());
  }

  async dispose(): Promise<void> {
    this.subscription.dispose();
    await this.monitor.dispose();
  }
}
