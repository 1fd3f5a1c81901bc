import { posix, win32 } from "node:path";
import { dockerConfigFile } from "../../core/network/dockerConfigFile";
import type { Machine } from "../../core/network/Machine";
import type { EngineKind } from "../../core/ports/EngineInfo";

/** This machine, as far as it says where logins are kept. */
export interface LoginEnvironment extends Machine {
  /** The user's number; undefined on Windows. */
  readonly userId: number | undefined;
}

/** Where logins are kept. */
export type LoginSource =
  | { readonly kind: "file"; readonly path: string }
  /** The content of such a file in a variable of the environment. */
  | { readonly kind: "variable"; readonly name: string; readonly content: string };

const DOCKER_VARIABLE = "DOCKER_AUTH_CONFIG";

/**
 * Where `docker login` and `podman login` keep logins, those of the engine's own client first (containers-auth.json(5),
 * docker/cli cli/config). Whoever names a file for Podman means that one only. Docker's variable comes before its file,
 * which is still asked for what the variable does not have.
 */
export function loginSources(environment: LoginEnvironment, kind: EngineKind): readonly LoginSource[] {
  const content = filled(environment.env[DOCKER_VARIABLE]);
  const docker: readonly LoginSource[] = [
    ...(content === undefined ? [] : [{ kind: "variable" as const, name: DOCKER_VARIABLE, content }]),
    { kind: "file", path: dockerConfigFile(environment) },
  ];
  const podman = podmanFiles(environment).map((path) => ({ kind: "file" as const, path }));
  switch (kind) {
    case "docker":
      return [...docker, ...podman];
    case "podman":
      return [...podman, ...docker];
  }
}

function podmanFiles({ platform, env, homeFolder, userId }: LoginEnvironment): readonly string[] {
  const path = platform === "win32" ? win32 : posix;
  const chosen = filled(env["REGISTRY_AUTH_FILE"]);
  if (chosen !== undefined) {
    return [chosen];
  }
  const runtime = filled(env["XDG_RUNTIME_DIR"]);
  const configuration = filled(env["XDG_CONFIG_HOME"]) ?? path.join(homeFolder, ".config");
  return [
    ...(platform !== "linux"
      ? []
      : runtime !== undefined
        ? [path.join(runtime, "containers", "auth.json")]
        : userId === undefined
          ? []
          : [`/run/containers/${String(userId)}/auth.json`]),
    path.join(configuration, "containers", "auth.json"),
  ];
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value;
}
