import { ImageBuildError, ImageNotFoundError, RegistryAuthError } from "../../core/errors/imageErrors";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import type { BuildImageOptions } from "../../core/ports/ContainerEngine";
import type { EngineKind } from "../../core/ports/EngineInfo";
import type { EngineConnection } from "../EngineConnection";
import { authService } from "../buildkit/authService";
import { BuildKitSession } from "../buildkit/BuildKitSession";
import { contextFolder } from "../buildkit/contextFolder";
import { DOCKERFILE_NAME, dockerfileFolder } from "../buildkit/dockerfileFolder";
import { fileSyncService } from "../buildkit/fileSyncService";
import { healthService } from "../buildkit/healthService";
import { secretsService } from "../buildkit/secretsService";
import { sharedKey } from "../buildkit/sharedKey";
import { noCredentials, type RegistryCredentials } from "../credentials/RegistryCredentials";
import { Warnings } from "../Warnings";
import { registryConfig, wholeRegistries } from "./buildCredentials";
import { namedImages } from "./namedImages";
import { EXTRA_DOCKERFILE, packContext } from "./packContext";
import { readBuildahBuild } from "./readBuildahBuild";
import { readBuildKitBuild } from "./readBuildKitBuild";
import { requestBuild } from "./requestBuild";
import { buildahMarker, stopBuildahStep } from "./stopBuildahStep";

export interface BuildOverApiOptions extends BuildImageOptions {
  readonly connection: EngineConnection;
  readonly kind: EngineKind;
  /** Names this build on this machine. */
  readonly buildId: string;
  /** Without them, registries are asked anonymously. */
  readonly credentials?: RegistryCredentials | undefined;
}

/** POST /build: by BuildKit on Docker, which asks for files in a session; by buildah on Podman, with a tar. */
export async function* buildOverApi(options: BuildOverApiOptions): AsyncGenerator<BuildEvent> {
  switch (options.kind) {
    case "docker":
      yield* buildWithBuildKit(options);
      return;
    case "podman":
      yield* buildWithBuildah(options);
  }
}

async function* buildWithBuildKit(options: BuildOverApiOptions): AsyncGenerator<BuildEvent> {
  const { connection, buildId, context, credentials = noCredentials, secrets, signal } = options;
  const failure = new AbortController();
  const images = namedImages(options.images);
  const warnings = new Warnings();
  const folder = await contextFolder(context, signal);
  const session = await BuildKitSession.open({
    connection,
    sharedKey: sharedKey(context.root),
    services: [
      healthService(),
      authService(wholeRegistries(credentials, images), { signal, onWarning: warnings.add }),
      ...(secrets === undefined ? [] : [secretsService(secrets)]),
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
  try {
    yield* requestBuild(options, {
      query: { version: "2", buildid: buildId, remote: "client-session", session: session.id },
      dockerfile: DOCKERFILE_NAME,
      // What goes wrong with a file ends the build, with that as its reason.
      signal: signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]),
      read: readBuildKitBuild,
      images,
      warnings,
    });
  } finally {
    await session.close();
  }
}

async function* buildWithBuildah(options: BuildOverApiOptions): AsyncGenerator<BuildEvent> {
  const { buildId, context, credentials = noCredentials, secrets = new Map<string, Uint8Array>(), signal } = options;
  const images = namedImages(options.images);
  const warnings = new Warnings();
  const headers = await registryConfig(credentials, images, { signal, onWarning: warnings.add });
  const { tar, dockerfile, secretFiles } = packContext(context, secrets);
  let ended = false;
  try {
    yield* requestBuild(options, {
      query: {
        // Podman would apply the context's .dockerignore once more, by rules of its own. With a list of its own it does
        // not look at the file; in it are the names of what is not part of the context.
        excludes: JSON.stringify([EXTRA_DOCKERFILE, ...secretFiles.values()]),
        secrets:
          secretFiles.size === 0
            ? undefined
            : JSON.stringify([...secretFiles].map(([id, file]) => `id=${id},src=${file}`)),
        extrahosts: JSON.stringify([`${buildahMarker(buildId)}:127.0.0.1`]),
        // Without this, layers of one build are no cache for the next.
        layers: "1",
      },
      dockerfile,
      headers,
      tar,
      signal,
      read: (lines) => readBuildahBuild(lines, Object.keys(options.labels)),
      images,
      warnings,
    });
    ended = true;
  } catch (error) {
    ended = [ImageBuildError, ImageNotFoundError, RegistryAuthError].some((kind) => error instanceof kind);
    throw error;
  } finally {
    if (!ended) {
      await stopBuildahStep(buildId);
    }
  }
}
