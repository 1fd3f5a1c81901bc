import { readWorkspaceConfiguration } from "../src/core/config/readWorkspaceConfiguration";
import type { ImageDecision, ImageResolution } from "../src/core/image/ImageResolution";
import { buildAndRun } from "../src/core/job/buildAndRun";
import type { JobEvent } from "../src/core/job/JobEvent";
import { checkImage, resolveImage, type ImageOfOptions } from "../src/core/job/resolveImage";
import { NO_NETWORK_SETTINGS } from "../src/core/network/NetworkSettings";
import { connectEngine } from "../src/engine/discovery/connectEngine";

/** Slipway in this process, as the editor's extension has it: connected already. */
export class Product {
  private constructor(private readonly options: ImageOfOptions) {}

  /** @param cacheFolder where Slipway keeps what it can make again. */
  static async open(folder: string, address: string, cacheFolder: string): Promise<Product> {
    return new Product({
      engine: await connectEngine({ explicit: { address, source: "--engine" } }),
      configuration: await readWorkspaceConfiguration({ folder }),
      cacheFolder,
    });
  }

  async check(): Promise<ImageDecision> {
    return checkImage(this.options);
  }

  async build(): Promise<ImageResolution> {
    const events = resolveImage(this.options, NO_NETWORK_SETTINGS);
    for (;;) {
      const next = await events.next();
      if (next.done === true) {
        return next.value;
      }
    }
  }

  /**
   * Build & Run of a command. Rejects when that fails, and when its events do not say how it ended.
   *
   * @returns name of the container it ran in, and whether anything had to be made for it.
   */
  async run(
    command: readonly string[],
    see?: (event: JobEvent) => void,
  ): Promise<{ readonly container: string; readonly isWarm: boolean }> {
    let container = "";
    let isWarm = true;
    let exitCode: number | undefined;
    const job = { ...this.options, command: { kind: "command", command }, session: "bench", keep: false } as const;
    for await (const event of buildAndRun(job)) {
      see?.(event);
      if (event.type === "container") {
        container = event.name;
        isWarm &&= event.reused;
      } else if (event.type === "summary") {
        ({ exitCode } = event);
        isWarm &&= !event.wasBuilt;
      } else if (event.type === "warning") {
        throw new Error(`a warning where nothing is wrong: ${event.message}`);
      }
    }
    if (exitCode !== 0) {
      throw new Error(`${command.join(" ")} ended with ${String(exitCode)}`);
    }
    return { container, isWarm };
  }
}
