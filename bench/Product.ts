import { readWorkspaceConfiguration } from "../src/core/config/readWorkspaceConfiguration";
import type { WorkspaceConfiguration } from "../src/core/config/WorkspaceConfiguration";
import type { ImageDecision, ImageResolution } from "../src/core/image/ImageResolution";
import { checkImage, resolveImage } from "../src/core/job/resolveImage";
import { NO_NETWORK_SETTINGS } from "../src/core/network/NetworkSettings";
import type { ContainerEngine } from "../src/core/ports/ContainerEngine";
import { connectEngine } from "../src/engine/discovery/connectEngine";

/** Slipway in this process, as the editor's extension has it: connected already. */
export class Product {
  private constructor(
    private readonly engine: ContainerEngine,
    private readonly configuration: WorkspaceConfiguration,
    private readonly cacheFolder: string,
  ) {}

  static async open(folder: string, address: string, cacheFolder: string): Promise<Product> {
    return new Product(
      await connectEngine({ explicit: { address, source: "--engine" } }),
      await readWorkspaceConfiguration({ folder }),
      cacheFolder,
    );
  }

  async check(): Promise<ImageDecision> {
    return checkImage(this.options());
  }

  async build(): Promise<ImageResolution> {
    const events = resolveImage(this.options(), NO_NETWORK_SETTINGS);
    for (;;) {
      const next = await events.next();
      if (next.done === true) {
        return next.value;
      }
    }
  }

  private options(): Parameters<typeof checkImage>[0] {
    return { engine: this.engine, configuration: this.configuration, cacheFolder: this.cacheFolder };
  }
}
