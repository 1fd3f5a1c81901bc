import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { Labels, VolumeSummary } from "../../core/ports/ContainerTypes";
import { parseVolumes } from "../shapes/volumeSummary";
import { carriesLabels, labelFilters } from "./carriesLabels";
import { isEngineName } from "./containerPath";
import type { EngineClient } from "./EngineClient";

/** The part of ContainerEngine that is about volumes. */
export class VolumeCalls {
  constructor(private readonly client: EngineClient) {}

  async list({ labels, signal }: CallOptions & { readonly labels: Labels }): Promise<readonly VolumeSummary[]> {
    return this.client.call({
      during: "listing volumes",
      signal,
      action: async (abortSignal) => {
        const filters = labelFilters(labels);
        const volumes = parseVolumes(await this.client.docker.listVolumes({ filters, abortSignal } as object));
        return volumes.filter((volume) => carriesLabels(volume.labels, labels));
      },
    });
  }

  /** Podman says that it has removed one that was never there, so that is asked first. */
  async remove(name: string, { signal }: CallOptions): Promise<"removed" | "not-found" | "in-use"> {
    signal?.throwIfAborted();
    if (!isEngineName(name)) {
      return "not-found";
    }
    const volume = this.client.docker.getVolume(name);
    return this.client.callOr(
      {
        during: `removing the volume ${name}`,
        signal,
        deadlineMs: this.client.deadlines.longMs,
        action: async (abortSignal): Promise<"removed" | "not-found" | "in-use"> => {
          await (volume.inspect({ abortSignal }) as Promise<unknown>);
          await (volume.remove({ abortSignal }) as Promise<unknown>);
          return "removed";
        },
      },
      (refusal) => {
        switch (refusal.status) {
          case 404:
            return "not-found";
          case 409:
            return "in-use";
          default:
            throw refusal;
        }
      },
    );
  }

  /**
   * Makes one, or leaves one that is there as it is. Podman does not give labels to volumes that it makes for a mount.
   */
  async create(name: string, labels: Labels, signal: AbortSignal | undefined): Promise<void> {
    await this.client.call({
      during: `making the volume ${name}`,
      signal,
      action: async (abortSignal): Promise<unknown> =>
        this.client.docker.createVolume({
          _query: {},
          _body: { Name: name, Labels: labels },
          abortSignal,
        } as object),
    });
  }
}
