import * as vscode from "vscode";
import { EngineLostError, EngineTimeoutError } from "../core/errors";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import { formatEngineAddress } from "../core/ports/EngineEndpoint";
import { connectEngine } from "../engine/discovery/connectEngine";
import { SETTING } from "./ids";

/** The engine that this window uses: found when it is first needed, and again after it was lost or chosen anew. */
export class EngineAccess {
  private connecting: Promise<ContainerEngine> | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscription: vscode.Disposable;
  /** Another engine may be used from now on. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SETTING.section}.${SETTING.engine}`)) {
        this.forget();
        this.changed.fire();
      }
    });
  }

  /** Rejects with EngineUnavailableError. */
  async get(): Promise<ContainerEngine> {
    const connecting = (this.connecting ??= this.connect());
    try {
      return await connecting;
    } catch (error) {
      // A newer attempt, after the setting was changed, is not this one's to clear.
      if (this.connecting === connecting) {
        this.connecting = undefined;
      }
      throw error;
    }
  }

  /** Looks for an engine anew at the next use when this error says that the present one is gone. */
  forgetIfGone(error: unknown): void {
    if (error instanceof EngineLostError || error instanceof EngineTimeoutError) {
      this.forget();
    }
  }

  dispose(): void {
    this.forget();
    this.subscription.dispose();
    this.changed.dispose();
  }

  /** Also while one is being looked for: whoever asks from now on does not get that one. */
  private forget(): void {
    this.connecting = undefined;
  }

  private async connect(): Promise<ContainerEngine> {
    const address = vscode.workspace.getConfiguration(SETTING.section).get<string>(SETTING.engine, "").trim();
    const engine = await connectEngine({
      explicit: address === "" ? undefined : { address, source: "the setting slipway.engine" },
    });
    const { kind, version } = await engine.info();
    const { address: found, source } = engine.endpoint;
    this.log.info(`Using ${kind} ${version} at ${formatEngineAddress(found)} (${source})`);
    return engine;
  }
}
