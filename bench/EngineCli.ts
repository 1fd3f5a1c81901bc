import { join } from "node:path";
import { makeDockerConfig, oldDockerCli, podmanCli, provideDockerCli } from "./environment.mjs";
import type { Program } from "./runProgram";

/** The command-line program that belongs to the engine. */
export interface EngineCli {
  readonly name: "docker" | "podman";
  readonly path: string;
  /** Whether it builds with buildx, which is a plugin. */
  readonly hasBuildx: boolean;
  readonly env: NonNullable<Program["env"]>;
  /** With these arguments, on the engine. */
  readonly program: (...args: readonly string[]) => Program;
}

export interface EngineCliOptions {
  readonly engine: { readonly kind: "docker" | "podman"; readonly version: string };
  readonly address: string;
  /** For settings of its own. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

/** Older ones have BuildKit's client in themselves. */
const FIRST_WITH_BUILDX = 23;

/** @returns undefined on Podman where its program is not installed. */
export async function findEngineCli({
  engine,
  address,
  folder,
  log,
}: EngineCliOptions): Promise<EngineCli | undefined> {
  if (engine.kind === "podman") {
    const path = podmanCli();
    const argv = (args: readonly string[]): Program["argv"] => [path ?? "", "--remote", "--url", address, ...args];
    return path === undefined
      ? undefined
      : { name: "podman", path, hasBuildx: false, env: {}, program: (...args) => ({ argv: argv(args) }) };
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
  const old = Number.parseInt(engine.version, 10) < FIRST_WITH_BUILDX ? oldDockerCli() : undefined;
  const { docker: path, buildx } = old === undefined ? await provideDockerCli(log) : { docker: old, buildx: undefined };
  makeDockerConfig(config, buildx);
  return {
    ...{ name: "docker", path, hasBuildx: buildx !== undefined, env },
    program: (...args) => ({ argv: [path, ...args], env }),
  };
}
