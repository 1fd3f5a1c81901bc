import * as vscode from "vscode";
import { cacheFolder } from "../core/cacheFolder";
import { reconcileContainers } from "../core/container/reconcile/reconcileContainers";
import { isAbortError, messageOf } from "../core/errors/ExpectedError";
import { formatEngineAddress } from "../core/ports/EngineEndpoint";
import type { EngineAccess } from "./EngineAccess";

/** What the window itself wants of an engine that has just been found comes first, in milliseconds. */
const AFTER_MS = 2_000;

/**
 * Removes, once an engine answers, what windows and terminals that were killed have left on it. Says nothing unless
 * something cannot be removed.
 */
export class LeftoverCleaner {
  /** Addresses of engines on which this window has cleaned up. */
  private readonly done = new Set<string>();
  private readonly controller = new AbortController();
  private readonly subscription: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly engines: EngineAccess,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const soon = (): void => {
      if (vscode.workspace.isTrusted && engines.monitor.state.kind === "connected") {
        this.timer ??= setTimeout(() => {
          this.timer = undefined;
          void this.cleanUp();
        }, AFTER_MS);
      }
    };
    this.subscription = vscode.Disposable.from(
      engines.monitor.onDidChange(soon),
      vscode.workspace.onDidGrantWorkspaceTrust(soon),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.controller.abort();
    this.subscription.dispose();
  }

  /** Never rejects. */
  private async cleanUp(): Promise<void> {
    const { signal } = this.controller;
    const { monitor } = this.engines;
    try {
      const lease = await monitor.lease({ signal });
      const { engine } = lease;
      const address = formatEngineAddress(engine.endpoint.address);
      try {
        if (!this.done.has(address)) {
          this.done.add(address);
          for await (const outcome of reconcileContainers({ engine, cacheFolder: cacheFolder(), signal })) {
            if (outcome.kind === "removed" || outcome.kind === "stopped") {
              this.log.info(`Left by an earlier run, ${outcome.kind}: the container ${outcome.name} (${outcome.why})`);
            } else if (outcome.kind === "failed") {
              this.log.warn(outcome.message);
              void vscode.window.showWarningMessage(outcome.message);
            }
          }
        }
      } catch (error) {
        // It is tried again with the engine's next coming.
        this.done.delete(address);
        monitor.reportFailure(engine, error);
        throw error;
      } finally {
        lease.release();
      }
    } catch (error) {
      if (!isAbortError(error)) {
        this.log.warn(`What earlier runs have left was not looked for: ${messageOf(error)}`);
      }
    }
  }
}
