import { stat } from "node:fs/promises";
import { z } from "zod";
import { BindSourceError, ContainerNameInUseError } from "../../core/errors/containerErrors";
import { EngineRequestError } from "../../core/errors/engineErrors";
import { ImageNotFoundError } from "../../core/errors/imageErrors";
import { isImageReference } from "../../core/image/isImageReference";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { ContainerSpec } from "../../core/ports/ContainerTypes";
import { checkGpus } from "../checkGpus";
import { checkMounts } from "../checkMounts";
import { toNoSpaceError } from "../toNoSpaceError";
import { toCreateOptions, type CreationContext } from "../toCreateOptions";
import { bindSources, checkBindSources, refusedSource } from "./bindSources";
import { isEngineName } from "./containerPath";
import type { EngineClient } from "./EngineClient";
import type { ImageCalls } from "./ImageCalls";
import { inspectContainer } from "./inspectContainer";
import type { VolumeCalls } from "./VolumeCalls";

const DURING = "creating the container";

export interface CreateContainerOptions extends CallOptions {
  readonly client: EngineClient;
  readonly images: ImageCalls;
  readonly volumes: VolumeCalls;
  readonly spec: ContainerSpec;
}

/** POST /containers/create, for ContainerEngine.createContainer. */
export async function createContainer(options: CreateContainerOptions): Promise<string> {
  const { client, volumes, spec, signal } = options;
  signal?.throwIfAborted();
  checkNames(spec);
  const engine = await client.ready(signal);
  checkMounts(spec.mounts, engine.kind);
  if (spec.gpus === true) {
    checkGpus(engine);
  }
  await checkBindSources(options);
  for (const mount of spec.mounts) {
    if (mount.kind === "volume" && mount.labels !== undefined) {
      await volumes.create(mount.volume, mount.labels, signal);
    }
  }
  const body = toCreateOptions(await withImageCommand(options), await creationContext(options));
  return client.callOr(
    {
      during: DURING,
      signal,
      deadlineMs: client.deadlines.longMs,
      action: async (abortSignal) => {
        const container = await client.docker.createContainer({
          _query: { name: spec.name },
          _body: body,
          abortSignal,
        } as object);
        return z.string().parse(container.id);
      },
    },
    async (refusal) => {
      throw await creationFailure(options, refusal);
    },
  );
}

/** Docker would find a name for a container without one, and Podman says 500 of what is no image's name. */
function checkNames({ image, name }: ContainerSpec): void {
  if (!isImageReference(image)) {
    throw new ImageNotFoundError(image, "this is not the name of an image");
  }
  if (!isEngineName(name)) {
    throw new EngineRequestError(400, DURING, `${JSON.stringify(name)} is not a name for a container`);
  }
}

/** Engines leave the image's own command out as soon as they are given an entrypoint. */
async function withImageCommand({ images, spec, signal }: CreateContainerOptions): Promise<ContainerSpec> {
  if (spec.entrypoint === undefined || spec.command !== undefined) {
    return spec;
  }
  return { ...spec, command: (await images.inspect(spec.image, { signal }))?.config.command };
}

/** Whether an engine is rootless takes a call of its own, which is made only where it matters. */
async function creationContext({ client, spec, signal }: CreateContainerOptions): Promise<CreationContext> {
  if (spec.user?.kind !== "host") {
    return client.ready(signal);
  }
  const info = await client.info(signal);
  return { ...info, engineUid: info.rootless ? await socketOwner(client) : undefined };
}

/** A rootless engine's socket belongs to the user that the engine runs as. */
async function socketOwner({ endpoint: { address } }: EngineClient): Promise<number | undefined> {
  if (address.kind !== "unix") {
    return undefined;
  }
  try {
    return (await stat(address.socketPath)).uid;
  } catch {
    return undefined;
  }
}

/**
 * What a refusal means is decided by what is there: engines refuse the same with different statuses (a name in use is 409
 * on Docker, 500 on Podman).
 */
async function creationFailure(
  { client, images, spec, signal }: CreateContainerOptions,
  refusal: EngineRequestError,
): Promise<Error> {
  const { status, detail } = refusal;
  const noSpace = toNoSpaceError(client.name, DURING, detail);
  if (noSpace !== undefined) {
    return noSpace;
  }
  if (status === 404 && (await images.inspect(spec.image, { signal })) === undefined) {
    return new ImageNotFoundError(spec.image, detail);
  }
  const source = refusedSource(detail, bindSources(spec));
  if (source !== undefined) {
    return new BindSourceError(source, detail);
  }
  // Whoever had the name may have gone since.
  return /\bname\b.*\balready in use\b/i.test(detail) ||
    (await inspectContainer(client, spec.name, { signal })) !== undefined
    ? new ContainerNameInUseError(spec.name, { cause: refusal })
    : refusal;
}
