import { join } from "node:path";
import { makeDockerConfig, oldDockerCli, podmanCli, provideDockerCli } from "./environment.mjs";
import type { Program } from "./runProgram";

/** Another program that builds images. */
export interface Rival {
  readonly name: string;
  /** Whether the limits are about it. */
  readonly counts: boolean;
  readonly command: (folder: string, tag: string) => Program;
}

export interface RivalOptions {
  readonly engine: { readonly kind: "docker" | "podman"; readonly version: string };
  readonly address: string;
  /** For settings of their own. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

/** Older ones have BuildKit's client in themselves. */
const FIRST_WITH_BUILDX = 23;

/** The programs that belong to the engine. */
export async function findRivals({ engine, address, folder, log }: RivalOptions): Promise<readonly Rival[]> {
  if (engine.kind === "podman") {
    const podman = podmanCli();
    return podman === undefined ? [] : [podmanBuild(podman, address)];
  }
  const config = join(folder, "docker-config");
  const env = {
    DOCKER_HOST: address,
    DOCKER_CONFIG: config,
    DOCKER_BUILDKIT: "1",
    DOCKER_CONTEXT: undefined,
    BUILDX_BUILDER: undefined,
    BUILDX_CONFIG: undefined,
  };
  const docker = (program: string, ...args: readonly string[]): Rival => ({
    name: `docker ${args.join(" ")}`,
    counts: args.length === 1,
    command: (context, tag) => ({ argv: [program, ...args, "--progress", "plain", "--tag", tag, context], env }),
  });
  const old = Number.parseInt(engine.version, 10) < FIRST_WITH_BUILDX ? oldDockerCli() : undefined;
  if (old !== undefined) {
    makeDockerConfig(config, undefined);
    return [docker(old, "build")];
  }
  const { docker: program, buildx } = await provideDockerCli(log);
  makeDockerConfig(config, buildx);
  return [docker(program, "build"), docker(program, "buildx", "build")];
}

/** No limits are about it: Podman has no BuildKit, and both send the whole context. */
function podmanBuild(podman: string, address: string): Rival {
  return {
    name: "podman build",
    counts: false,
    command: (context, tag) => ({ argv: [podman, "--remote", "--url", address, "build", "--tag", tag, context] }),
  };
}
