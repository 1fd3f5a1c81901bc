import { z } from "zod";
import { ContainerNotFoundError, type EngineRequestError } from "../../core/errors";
import type { CallOptions, ListContainersOptions } from "../../core/ports/ContainerEngine";
import type { ContainerSummary } from "../../core/ports/ContainerTypes";
import { parseContainerSummary } from "../shapes/containerSummary";
import { carriesLabels, labelFilters } from "./carriesLabels";
import { checkedContainer, isEngineName } from "./containerPath";
import type { EngineClient } from "./EngineClient";
import { inspectContainer } from "./inspectContainer";
import { startFailure } from "./startFailure";

type GraceOptions = CallOptions & { readonly graceSeconds: number };

/** The part of ContainerEngine that is about containers as a whole. */
export class ContainerCalls {
  constructor(private readonly client: EngineClient) {}

  async start(id: string, { signal }: CallOptions): Promise<void> {
    const container = this.client.docker.getContainer(checkedContainer(id));
    await this.client.callOr<unknown>(
      {
        during: "starting the container",
        signal,
        action: async (abortSignal) => container.start({ abortSignal }) as Promise<unknown>,
      },
      async (refusal) => {
        throw await startFailure(this.client, id, { refusal, signal });
      },
    );
  }

  async stop(id: string, { graceSeconds, signal }: GraceOptions): Promise<void> {
    const container = this.client.docker.getContainer(checkedContainer(id));
    await this.client.callOr<unknown>(
      {
        during: "stopping the container",
        signal,
        deadlineMs: graceSeconds * 1000 + this.client.deadlines.answerMs,
        action: async (abortSignal) => container.stop({ t: graceSeconds, abortSignal }) as Promise<unknown>,
      },
      async (refusal) => this.unlessItRuns(id, { refusal, signal }),
    );
  }

  async restart(id: string, { graceSeconds, signal }: GraceOptions): Promise<void> {
    const container = this.client.docker.getContainer(checkedContainer(id));
    await this.client.callOr<unknown>(
      {
        during: "restarting the container",
        signal,
        deadlineMs: graceSeconds * 1000 + 2 * this.client.deadlines.answerMs,
        action: async (abortSignal) => container.restart({ t: graceSeconds, abortSignal }) as Promise<unknown>,
      },
      async (refusal) => {
        throw await startFailure(this.client, id, { refusal, signal });
      },
    );
  }

  async kill(id: string, { unixSignal, signal }: CallOptions & { readonly unixSignal: string }): Promise<void> {
    const container = this.client.docker.getContainer(checkedContainer(id));
    await this.client.callOr<unknown>(
      {
        during: `sending ${unixSignal} to the container`,
        signal,
        action: async (abortSignal) => container.kill({ signal: unixSignal, abortSignal }) as Promise<unknown>,
      },
      async (refusal) => this.unlessItRuns(id, { refusal, signal }),
    );
  }

  async remove(id: string, { signal }: CallOptions): Promise<void> {
    signal?.throwIfAborted();
    if (!isEngineName(id)) {
      return;
    }
    const container = this.client.docker.getContainer(id);
    if ((await this.client.ready(signal)).kind === "podman") {
      // Podman 5 asks a running one politely first, and waits ten seconds for that, whatever it is told.
      await this.client.callOr<unknown>(
        {
          during: "removing the container",
          signal,
          action: async (abortSignal) => container.kill({ abortSignal }) as Promise<unknown>,
        },
        () => undefined,
      );
    }
    await this.client.callOr<unknown>(
      {
        during: "removing the container",
        signal,
        deadlineMs: this.client.deadlines.longMs,
        action: async (abortSignal) => container.remove({ force: true, v: true, abortSignal }) as Promise<unknown>,
      },
      async (refusal) => {
        // Gone, or somebody else is removing it at this moment; Podman says 500 where that somebody was faster.
        const harmless =
          refusal.status === 404 ||
          refusal.status === 409 ||
          (await inspectContainer(this.client, id, { signal })) === undefined;
        if (!harmless) {
          throw refusal;
        }
      },
    );
  }

  async list({ labels, ids, signal }: ListContainersOptions): Promise<readonly ContainerSummary[]> {
    signal?.throwIfAborted();
    const names = ids?.filter(isEngineName);
    if (names?.length === 0) {
      return [];
    }
    const wanted = names === undefined ? undefined : new Set(names);
    return this.client.call({
      during: "listing containers",
      signal,
      action: async (abortSignal) => {
        const filters = labelFilters(labels, names === undefined ? {} : { id: names });
        const answer: unknown = await this.client.docker.listContainers({ all: true, filters, abortSignal });
        // Engines take the beginning of an ID for it, too.
        return z
          .array(z.unknown())
          .parse(answer)
          .map(parseContainerSummary)
          .filter((one) => (wanted === undefined || wanted.has(one.id)) && carriesLabels(one.labels, labels))
          .sort((a, b) => b.created - a.created);
      },
    });
  }

  /** Of stopping and killing: what does not run is as asked for, with whatever status the engine says so. */
  private async unlessItRuns(
    id: string,
    { refusal, signal }: CallOptions & { readonly refusal: EngineRequestError },
  ): Promise<void> {
    const details = await inspectContainer(this.client, id, { signal });
    if (details === undefined) {
      throw new ContainerNotFoundError(id);
    }
    if (details.running) {
      throw refusal;
    }
  }
}
