import { EngineRequestError } from "../../core/errors/engineErrors";
import { BuildOptionError } from "../../core/errors/imageErrors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import { authService } from "../buildkit/authService";
import { BuildKitSession } from "../buildkit/BuildKitSession";
import { contextFolder } from "../buildkit/contextFolder";
import { DOCKERFILE_NAME, dockerfileFolder } from "../buildkit/dockerfileFolder";
import { fileSyncService } from "../buildkit/fileSyncService";
import { healthService } from "../buildkit/healthService";
import { secretsService } from "../buildkit/secretsService";
import { sharedKey } from "../buildkit/sharedKey";
import { sshService } from "../buildkit/sshService";
import { noCredentials } from "../credentials/RegistryCredentials";
import { Warnings } from "../Warnings";
import { wholeRegistries } from "./buildCredentials";
import { buildClassically } from "./buildClassically";
import type { BuildOverApiOptions } from "./BuildOverApiOptions";
import { cacheImages, cacheReferences } from "./cacheReferences";
import { BUILDER_NAMES } from "./chooseBuilder";
import { dockerQuery } from "./dockerQuery";
import { namedImages } from "./namedImages";
import { readBuildKitBuild } from "./readBuildKitBuild";
import { requestBuild } from "./requestBuild";
import { openSshAgents } from "./ssh/openSshAgents";

/** What an engine without sessions answers to one, such as a proxy before an engine that lets only some calls through. */
const NO_SESSIONS: ReadonlySet<number> = new Set([404, 405, 501]);
const INLINE_CACHE = "BUILDKIT_INLINE_CACHE";

/** By BuildKit, which asks for files in a session. An engine that has no sessions builds with the builder that it has. */
export async function* buildWithBuildKit(options: BuildOverApiOptions): AsyncGenerator<BuildEvent> {
  const { buildId, signal, environment, ssh = [] } = options;
  const cacheFrom = cacheReferences(options.cacheFrom, "buildkit");
  const args = { ...cacheArgs(options.cacheTo), ...options.args };
  const images = namedImages([...(options.images ?? []), ...cacheImages(cacheFrom)]);
  const failure = new AbortController();
  const warnings = new Warnings();
  const agents = await openSshAgents(ssh, { environment, signal });
  try {
    const session = await openSession(options, { agents: agents.sockets, images, warnings, failure });
    if (session === undefined) {
      yield {
        type: "warning",
        message: "This engine has no BuildKit. The image is built by Docker's classic builder.",
      };
      yield* buildClassically(options);
      return;
    }
    try {
      yield* requestBuild(
        { ...options, args },
        {
          query: {
            ...dockerQuery(options, cacheFrom),
            ...{ version: "2", buildid: buildId, remote: "client-session", session: session.id },
          },
          dockerfile: DOCKERFILE_NAME,
          // What goes wrong with a file ends the build, with that as its reason.
          signal: signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]),
          read: readBuildKitBuild,
          images,
          warnings,
        },
      );
    } finally {
      await session.close();
    }
  } finally {
    await agents.close();
  }
}

interface SessionParts {
  readonly agents: ReadonlyMap<string, string>;
  readonly images: ReturnType<typeof namedImages>;
  readonly warnings: Warnings;
  readonly failure: AbortController;
}

/** @returns undefined where the engine has none. */
async function openSession(
  { connection, context, credentials = noCredentials, secrets, signal }: BuildOverApiOptions,
  { agents, images, warnings, failure }: SessionParts,
): Promise<BuildKitSession | undefined> {
  const folder = await contextFolder(context, signal);
  try {
    return await BuildKitSession.open({
      connection,
      sharedKey: sharedKey(context.root),
      services: [
        healthService(),
        authService(wholeRegistries(credentials, images), { signal, onWarning: warnings.add }),
        ...(secrets === undefined ? [] : [secretsService(secrets)]),
        ...(agents.size === 0 ? [] : [sshService(agents)]),
        fileSyncService({
          folders: new Map([
            ["dockerfile", dockerfileFolder(context.dockerfile.content)],
            ["context", folder],
          ]),
          onFailure: (error) => {
            failure.abort(error);
          },
        }),
      ],
      signal,
    });
  } catch (error) {
    if (error instanceof EngineRequestError && NO_SESSIONS.has(error.status)) {
      return undefined;
    }
    throw error;
  }
}

/** Dockerd's BuildKit takes the argument for a wish of its client (builder-next of moby/moby); it is nowhere in the image. */
function cacheArgs(cacheTo: readonly string[] = []): Readonly<Record<string, string>> {
  for (const entry of cacheTo) {
    if (entry !== "inline" && entry !== "type=inline") {
      throw new BuildOptionError(
        "build.cacheTo",
        BUILDER_NAMES.buildkit,
        `Its own builder keeps a cache for others only in the image itself, not in ${JSON.stringify(entry)}. Write "inline", and push ` +
          "the image.",
      );
    }
  }
  return cacheTo.length === 0 ? {} : { [INLINE_CACHE]: "1" };
}
