import { readWorkspaceConfiguration } from "../src/core/config/readWorkspaceConfiguration";
import type { ImageDecision, ImageResolution } from "../src/core/image/ImageResolution";
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
}
