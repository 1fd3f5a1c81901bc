import { z } from "zod";
import type { EngineRequestError } from "../../core/errors/engineErrors";
import type { CallOptions, ListContainersOptions } from "../../core/ports/ContainerEngine";
import type { ContainerSummary } from "../../core/ports/ContainerTypes";
import { parseContainerSummary } from "../shapes/containerSummary";
import { carriesLabels, labelFilters } from "./carriesLabels";
import { checkedContainer, isEngineName } from "./containerPath";
import type { Call, EngineClient } from "./EngineClient";
import { inspectContainer } from "./inspectContainer";
import { pause } from "./pause";
import { requireContainer } from "./requireContainer";
import { startFailure } from "./startFailure";

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

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

  /** Podman refuses to stop a paused one, which Docker lets go on for its last seconds. */
  async stop(id: string, { graceSeconds, signal }: GraceOptions): Promise<void> {
    const container = this.client.docker.getContainer(checkedContainer(id));
    const stop: Call<unknown> = {
      during: "stopping the container",
      signal,
      deadlineMs: graceSeconds * 1000 + this.client.deadlines.answerMs,
      action: async (abortSignal) => container.stop({ t: wholeSeconds(graceSeconds), abortSignal }) as Promise<unknown>,
    };
    await this.client.callOr(stop, async (refusal) => {
      if ((await requireContainer(this.client, id, { signal })).state !== "paused") {
        return this.unlessItRuns(id, { refusal, signal });
      }
      await this.unpause(id, signal);
      return this.client.callOr(stop, async (second) => this.unlessItRuns(id, { refusal: second, signal }));
    });
  }

  async restart(id: string, { graceSeconds, signal }: GraceOptions): Promise<void> {
    const container = this.client.docker.getContainer(checkedContainer(id));
    await this.client.callOr<unknown>(
      {
        during: "restarting the container",
        signal,
        deadlineMs: graceSeconds * 1000 + 2 * this.client.deadlines.answerMs,
        action: async (abortSignal) =>
          container.restart({ t: wholeSeconds(graceSeconds), abortSignal }) as Promise<unknown>,
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
        // Gone; Podman says 500 where somebody else was faster, and Docker 409 while somebody else is removing it.
        if (refusal.status !== 404 && !(await this.goes(id, signal))) {
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

  /** Whether a container that somebody else may be removing is gone, as soon as it is. */
  private async goes(id: string, signal: AbortSignal | undefined): Promise<boolean> {
    const { longMs, unsureMs } = this.client.deadlines;
    const started = performance.now();
    for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(ms * 2, LONGEST_PAUSE_MS)) {
      const details = await inspectContainer(this.client, id, { signal });
      if (details === undefined) {
        return true;
      }
      if (performance.now() - started > (details.state === "removing" ? longMs : unsureMs)) {
        return false;
      }
      await pause(ms, signal);
    }
  }

  private async unpause(id: string, signal: AbortSignal | undefined): Promise<void> {
    const container = this.client.docker.getContainer(checkedContainer(id));
    await this.client.callOr<unknown>(
      {
        during: "unpausing the container",
        signal,
        action: async (abortSignal) => container.unpause({ abortSignal }) as Promise<unknown>,
      },
      // Somebody else was faster, or the stop that follows is refused, too.
      () => undefined,
    );
  }

  /** Of stopping and killing: what does not run is as asked for, with whatever status the engine says so. */
  private async unlessItRuns(
    id: string,
    { refusal, signal }: CallOptions & { readonly refusal: EngineRequestError },
  ): Promise<void> {
    if ((await requireContainer(this.client, id, { signal })).running) {
      throw refusal;
    }
  }
}

/** Engines refuse fractions. */
function wholeSeconds(seconds: number): number {
  return Math.ceil(seconds);
}
