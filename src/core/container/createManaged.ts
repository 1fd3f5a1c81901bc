import { randomBytes, randomUUID } from "node:crypto";
import { cacheFolder } from "../cacheFolder";
import { DEFAULT_IMAGE } from "../config/readWorkspaceConfiguration";
import type { ImageResolution } from "../image/ImageResolution";
import { networkOf, resolveImage, type ImageOfOptions } from "../job/resolveImage";
import { LABEL, taskLabels } from "../labels";
import type { NetworkSettings } from "../network/NetworkSettings";
import type { ContainerEngine } from "../ports/ContainerEngine";
import type { Workspace } from "../Workspace";
import type { ContainerConfig, CreatedContainer, CreationSettings } from "./ContainerConfig";
import type { ManagerEvent } from "./ManagerEvent";
import { containerSpec, workspaceMode } from "./spec/containerSpec";
import { makeContainer } from "./spec/makeContainer";

export interface CreateManagedOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly settings: CreationSettings;
  readonly config: ContainerConfig;
  readonly tell: (event: ManagerEvent) => void;
}

/** One process of the editor or the CLI. */
const SESSION = randomUUID();

/** The image, built if need be, and a container of it; for ContainerManager.createContainer. */
export async function createManaged(options: CreateManagedOptions): Promise<CreatedContainer> {
  const { engine, workspace, settings, config, tell } = options;
  const { run, command, stdin, tty, signal, mode = workspaceMode(run, engine.endpoint.address) } = config;
  const source = imageOf(options);
  const network = await networkOf(source);
  const resolution = await imageFor(options, source, network);
  const image = { reference: resolution.reference, imageId: resolution.imageId };
  const { relabel, allowedFolders } = settings;
  const prepared = await containerSpec({
    ...{ engine, workspace, image, run, mode, network, relabel, allowedFolders, signal },
  });
  const name = config.name ?? ["slipway", workspace.slug, randomBytes(4).toString("hex")].join("-");
  const labels = taskLabels({
    ...{ workspace, task: undefined, fingerprint: resolution.fingerprint, name },
    ...{ session: settings.session ?? SESSION, keep: true },
  });
  // Not one of a task's run, which would be removed with what runs leave.
  const made = await makeContainer({
    ...{ engine, prepared, name, command, stdin, tty, signal, start: false },
    labels: { ...labels, [LABEL.kind]: "container" },
  });
  tell({ type: "container:created", container: { id: made.id, name } });
  return { id: made.id, name, resolution, warnings: [...network.warnings, ...prepared.warnings, ...made.warnings] };
}

function imageOf({ engine, workspace, settings, config }: CreateManagedOptions): ImageOfOptions {
  const { image = { kind: "image", reference: DEFAULT_IMAGE }, run } = config;
  return {
    engine,
    configuration: {
      folder: workspace.folder,
      source: config.image && "the container's configuration",
      image,
      run,
      tasks: [],
    },
    cacheFolder: settings.cacheFolder ?? cacheFolder(),
    network: settings.network,
  };
}

async function imageFor(
  { config, tell }: CreateManagedOptions,
  source: ImageOfOptions,
  network: NetworkSettings,
): Promise<ImageResolution> {
  const images = resolveImage({ ...config, ...source }, network);
  for (;;) {
    const next = await images.next();
    if (next.done === true) {
      tell({ type: next.value.wasBuilt ? "image:built" : "image:cached", resolution: next.value });
      return next.value;
    }
    tell({ type: "image:progress", event: next.value });
  }
}
