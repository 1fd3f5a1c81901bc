import { randomUUID } from "node:crypto";
import Docker from "dockerode";
import {
  ContainerNotFoundError,
  ContainerStartError,
  EngineLostError,
  EngineRequestError,
  ImageNotFoundError,
} from "../core/errors";
import { isImageReference } from "../core/image/isImageReference";
import type { BuildEvent } from "../core/ports/BuildEvent";
import type { BuildImageOptions, CallOptions, ContainerEngine, PullImageOptions } from "../core/ports/ContainerEngine";
import type {
  ContainerDetails,
  ContainerEvent,
  ContainerSpec,
  ContainerSummary,
  ImageDetails,
  ImageSummary,
  Labels,
  OutputChunk,
} from "../core/ports/ContainerTypes";
import type { EngineEndpoint } from "../core/ports/EngineEndpoint";
import type { EngineInfo } from "../core/ports/EngineInfo";
import { buildOverApi } from "./build/buildOverApi";
import { callEngine, translateEngineError } from "./callEngine";
import { EngineConnection } from "./EngineConnection";
import { pullOverApi } from "./pullOverApi";
import { parseContainerDetails } from "./shapes/containerDetails";
import { parseContainerEvent } from "./shapes/containerEvent";
import { parseContainerSummary } from "./shapes/containerSummary";
import { parseEngineInfo } from "./shapes/engineInfo";
import { parseImageDetails, parseImageSummary } from "./shapes/images";
import { toCreateOptions } from "./toCreateOptions";
import { demultiplex } from "./stream/demultiplex";
import { readJsonLines } from "./stream/readJsonLines";

/** What an engine answers at once. */
const DEADLINE_MS = 30_000;
/** Removing a container can mean unmounting and deleting a large file system. */
const REMOVE_DEADLINE_MS = 120_000;

/**
 * Docker and Podman through the Docker Engine API. Requests that are answered at once go through dockerode, each with a
 * deadline; streams go through EngineConnection.
 */
export class DockerodeEngine implements ContainerEngine {
  private readonly docker: Docker;
  private readonly connection: EngineConnection;
  private engineInfo: EngineInfo | undefined;

  constructor(readonly endpoint: EngineEndpoint) {
    this.connection = new EngineConnection(endpoint.address);
    const { protocol, ...target } = this.connection.target;
    // dockerode fills what is not said from DOCKER_HOST; `host: undefined` keeps it from that.
    const options = { host: undefined, protocol: protocol.replace(":", ""), ...target };
    this.docker = new Docker(options as unknown as Docker.DockerOptions);
  }

  async info({ signal }: CallOptions = {}): Promise<EngineInfo> {
    signal?.throwIfAborted();
    this.engineInfo ??= await this.get("/version", {
      during: "asking for the version",
      signal,
      parse: parseEngineInfo,
    });
    return this.engineInfo;
  }

  async inspectImage(reference: string, { signal }: CallOptions = {}): Promise<ImageDetails | undefined> {
    if (!isImageReference(reference)) {
      return undefined;
    }
    const path = `/images/${reference}/json`;
    const during = `looking for the image ${reference}`;
    return this.unlessNotFound(this.get(path, { during, signal, parse: parseImageDetails }));
  }

  async listImages({ labels, signal }: CallOptions & { readonly labels: Labels }): Promise<readonly ImageSummary[]> {
    const images = await this.call("listing images", signal, async (abortSignal) => {
      const filters = JSON.stringify({ label: labelFilter(labels) });
      const images = await this.docker.listImages({ filters, abortSignal });
      return images.map(parseImageSummary).filter((image) => carries(image.labels, labels));
    });
    return images.sort((a, b) => b.created - a.created);
  }

  pullImage(options: PullImageOptions): AsyncIterable<BuildEvent> {
    return pullOverApi(this.connection, options);
  }

  async removeImage(reference: string, { signal }: CallOptions = {}): Promise<"removed" | "not-found" | "in-use"> {
    const image = this.docker.getImage(nonEmpty(reference));
    try {
      await this.call(
        `removing the image ${reference}`,
        signal,
        async (abortSignal): Promise<unknown> => image.remove({ abortSignal }),
        REMOVE_DEADLINE_MS,
      );
      return "removed";
    } catch (error) {
      if (error instanceof EngineRequestError && error.status === 404) {
        return "not-found";
      }
      // Docker says 409; Podman 4 says 500 for an image that a container uses.
      if (error instanceof EngineRequestError && (error.status === 409 || error.status === 500)) {
        return "in-use";
      }
      throw error;
    }
  }

  async *buildImage(options: BuildImageOptions): AsyncGenerator<BuildEvent> {
    const { kind } = await this.info(options);
    yield* buildOverApi({ ...options, connection: this.connection, kind, buildId: randomUUID() });
  }

  async createContainer(spec: ContainerSpec, { signal }: CallOptions = {}): Promise<string> {
    try {
      const container = await this.call("creating the container", signal, async (abortSignal) =>
        this.docker.createContainer({ ...toCreateOptions(spec), abortSignal }),
      );
      return container.id;
    } catch (error) {
      if (error instanceof EngineRequestError && error.status === 404) {
        throw new ImageNotFoundError(spec.image, error.detail);
      }
      throw error;
    }
  }

  async attachContainer(id: string, { signal }: CallOptions = {}): Promise<AsyncIterable<OutputChunk>> {
    try {
      return demultiplex(
        await this.connection.stream({
          method: "POST",
          path: `/containers/${encodeURIComponent(nonEmpty(id))}/attach`,
          query: { stream: "1", stdout: "1", stderr: "1" },
          during: "attaching to the container",
          answerWithinMs: DEADLINE_MS,
          signal,
        }),
      );
    } catch (error) {
      // Podman prepares the container here already, and so finds here what Docker finds at the start.
      throw await this.startFailure(id, error, signal);
    }
  }

  async startContainer(id: string, { signal }: CallOptions = {}): Promise<void> {
    const container = this.docker.getContainer(nonEmpty(id));
    try {
      await this.call(
        "starting the container",
        signal,
        async (abortSignal) => container.start({ abortSignal }) as Promise<unknown>,
      );
    } catch (error) {
      if (!(error instanceof EngineRequestError && error.status === 304)) {
        throw await this.startFailure(id, error, signal);
      }
    }
  }

  async waitForExit(id: string, { signal }: CallOptions = {}): Promise<number> {
    try {
      await this.connection.text({
        method: "POST",
        path: `/containers/${encodeURIComponent(nonEmpty(id))}/wait`,
        query: { condition: "not-running" },
        during: "waiting for the container to end",
        signal,
      });
    } catch (error) {
      // Removed meanwhile; some engines then refuse with another status.
      throw error instanceof EngineRequestError && (await this.inspectContainer(id, { signal })) === undefined
        ? new ContainerNotFoundError(id)
        : error;
    }
    // Podman 4 answers -1 or 0 in some cases; what inspect says of a container that does not run is right on all.
    const details = await this.inspectContainer(id, { signal });
    if (details === undefined) {
      throw new ContainerNotFoundError(id);
    }
    return details.running ? this.waitForExit(id, { signal }) : details.exitCode;
  }

  async stopContainer(id: string, options: CallOptions & { readonly graceSeconds: number }): Promise<void> {
    const { graceSeconds, signal } = options;
    const container = this.docker.getContainer(nonEmpty(id));
    const deadline = graceSeconds * 1000 + DEADLINE_MS;
    try {
      await this.call(
        "stopping the container",
        signal,
        async (abortSignal) => container.stop({ t: graceSeconds, abortSignal }) as Promise<unknown>,
        deadline,
      );
    } catch (error) {
      if (!(error instanceof EngineRequestError)) {
        throw error;
      }
      const details = error.status === 304 ? undefined : await this.inspectContainer(id, { signal });
      if (error.status === 404) {
        throw new ContainerNotFoundError(id);
      }
      if (details?.running === true) {
        throw error;
      }
    }
  }

  async removeContainer(id: string, { signal }: CallOptions = {}): Promise<void> {
    const container = this.docker.getContainer(nonEmpty(id));
    try {
      await this.call(
        "removing the container",
        signal,
        async (abortSignal) => container.remove({ force: true, v: true, abortSignal }) as Promise<unknown>,
        REMOVE_DEADLINE_MS,
      );
    } catch (error) {
      // Gone, or somebody else is removing it at this moment.
      if (!(error instanceof EngineRequestError) || (error.status !== 404 && error.status !== 409)) {
        throw error;
      }
    }
  }

  async inspectContainer(id: string, { signal }: CallOptions = {}): Promise<ContainerDetails | undefined> {
    const container = this.docker.getContainer(nonEmpty(id));
    return this.unlessNotFound(
      this.call("looking at the container", signal, async (abortSignal) =>
        parseContainerDetails(await container.inspect({ abortSignal })),
      ),
    );
  }

  async listContainers({
    labels,
    signal,
  }: CallOptions & { readonly labels: Labels }): Promise<readonly ContainerSummary[]> {
    return this.call("listing containers", signal, async (abortSignal) => {
      const filters = JSON.stringify({ label: labelFilter(labels) });
      const containers = await this.docker.listContainers({ all: true, filters, abortSignal });
      return containers.map(parseContainerSummary).filter((container) => carries(container.labels, labels));
    });
  }

  async *containerLogs(
    id: string,
    { follow, signal }: CallOptions & { readonly follow: boolean },
  ): AsyncGenerator<OutputChunk> {
    try {
      yield* demultiplex(
        await this.connection.stream({
          method: "GET",
          path: `/containers/${encodeURIComponent(nonEmpty(id))}/logs`,
          query: { stdout: "1", stderr: "1", follow: follow ? "1" : "0" },
          during: "reading the container's logs",
          answerWithinMs: follow ? undefined : DEADLINE_MS,
          signal,
        }),
      );
    } catch (error) {
      throw error instanceof EngineRequestError && error.status === 404 ? new ContainerNotFoundError(id) : error;
    }
  }

  async *watchContainers({
    labels,
    signal,
  }: CallOptions & { readonly labels: Labels }): AsyncGenerator<ContainerEvent> {
    const lines = await this.connection.stream({
      method: "GET",
      path: "/events",
      query: { filters: JSON.stringify({ type: ["container"], label: labelFilter(labels) }) },
      during: "watching containers",
      answerWithinMs: DEADLINE_MS,
      signal,
    });
    for await (const line of readJsonLines(lines)) {
      const event = parseContainerEvent(line);
      if (event !== undefined && carries(event.labels, labels)) {
        yield event;
      }
    }
    throw new EngineLostError(this.connection.name, "watching containers");
  }

  /** For what dockerode cannot be stopped in. */
  private async get<T>(
    path: string,
    { during, signal, parse }: CallOptions & { readonly during: string; readonly parse: (value: unknown) => T },
  ): Promise<T> {
    const answer = await this.connection.text({ method: "GET", path, during, answerWithinMs: DEADLINE_MS, signal });
    try {
      return parse(JSON.parse(answer));
    } catch (error) {
      throw translateEngineError(error, this.connection.name, during);
    }
  }

  /** Engines refuse to start with any status; 404 is also what some say of a program that is not in the image. */
  private async startFailure(id: string, error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (!(error instanceof EngineRequestError)) {
      return error;
    }
    const details = await this.inspectContainer(id, { signal });
    return details === undefined ? new ContainerNotFoundError(id) : new ContainerStartError(undefined, error.detail);
  }

  /** Runs one of dockerode's calls; see callEngine. */
  private async call<T>(
    during: string,
    signal: AbortSignal | undefined,
    action: (abortSignal: AbortSignal) => Promise<T>,
    deadlineMs = DEADLINE_MS,
  ): Promise<T> {
    await this.connection.ready(signal);
    return callEngine({ engine: this.connection.name, during, signal, deadlineMs, action });
  }

  private async unlessNotFound<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      return await call;
    } catch (error) {
      if (error instanceof EngineRequestError && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }
}

/** Engines differ in whether several labels are alternatives. */
function carries(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

function labelFilter(labels: Labels): readonly string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}

/** An empty name would turn the request into another one: /images//json is a redirect to elsewhere. */
function nonEmpty(name: string): string {
  if (name === "") {
    throw new TypeError("An image or container needs a name.");
  }
  return name;
}
