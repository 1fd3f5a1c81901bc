import type { BuildConfiguration } from "../config/WorkspaceConfiguration";
import { collectBuildInputs, type CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { ManifestStore } from "../fingerprint/ManifestStore";
import type { ContextScanner } from "../fingerprint/scan/ContextScanner";
import type { ContextWatch } from "../fingerprint/scan/ContextWatch";
import { LABEL } from "../labels";
import type { NetworkSettings } from "../network/NetworkSettings";
import type { CallOptions, ContainerEngine } from "../ports/ContainerEngine";
import type { ImageDetails } from "../ports/ContainerTypes";
import type { MachineKey } from "../redact/MachineKey";
import { imageReference, type Workspace } from "../Workspace";
import { decideImage } from "./decideImage";
import type { ImageDecision } from "./ImageResolution";
import { localImage } from "./localImage";
import { previousImage } from "./previousImage";

export interface ImageExaminerOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly manifests: ManifestStore;
  readonly network: NetworkSettings;
  readonly machineKey: MachineKey;
  readonly cacheFolder: string | undefined;
  readonly scanner: ContextScanner | undefined;
}

export interface CheckOptions extends CallOptions {
  /** Who knows what has changed since the last look; without one, all of the context is looked at. */
  readonly watch?: ContextWatch | undefined;
}

export interface DecideWhyOptions extends CallOptions {
  /** What `find` has found. */
  readonly found: ImageDetails | undefined;
  readonly force?: boolean | undefined;
  readonly noCache?: boolean | undefined;
}

/** Looks at what an image would be built from, and at the images that are there. Changes nothing. */
export class ImageExaminer {
  constructor(private readonly options: ImageExaminerOptions) {}

  async collect(build: BuildConfiguration, { signal, watch }: CheckOptions): Promise<CollectedInputs> {
    const { engine, workspace, network, machineKey, cacheFolder, scanner } = this.options;
    return collectBuildInputs({
      folder: workspace.folder,
      build,
      engine: await engine.info({ signal }),
      imageOf: localImage(engine, signal),
      cacheFolder,
      scanner,
      watch,
      network,
      machineKey,
      signal,
    });
  }

  /** The image that was built from just these inputs. */
  async find({ fingerprint }: CollectedInputs, { signal }: CallOptions): Promise<ImageDetails | undefined> {
    const { engine, workspace } = this.options;
    const image = await engine.inspectImage(imageReference(workspace, fingerprint), { signal });
    // A tag can be moved to any image by hand; one that was made from other inputs does not carry this label.
    return image?.labels[LABEL.fingerprint] === fingerprint ? image : undefined;
  }

  /** Why it is fresh or not, which takes a look at what was there before. */
  async decide(collected: CollectedInputs, options: DecideWhyOptions): Promise<ImageDecision> {
    const { engine, workspace, manifests } = this.options;
    const { found, signal, force, noCache } = options;
    const { fingerprint } = collected;
    const previous =
      found === undefined ? await previousImage({ engine, workspace, manifests, collected, signal }) : undefined;
    return {
      ...(await decideImage({ collected, found: found !== undefined, previous, force, noCache })),
      reference: imageReference(workspace, fingerprint),
      fingerprint,
      imageId: found?.id,
    };
  }
}
