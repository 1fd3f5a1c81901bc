import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, parse } from "node:path";
import { messageOf } from "../../errors/ExpectedError";
import { MountSourceError } from "../../errors/containerErrors";
import { homeFolder } from "../../homeFolder";
import type { EngineAddress } from "../../ports/EngineEndpoint";
import { isWithin } from "./isWithin";

export interface MountableSourceOptions {
  /** In one of these it must lie. */
  readonly folders: readonly string[];
  /** Of the engine, whose socket is nobody's to have. */
  readonly address: EngineAddress;
  readonly home?: string | undefined;
}

/** Whoever has one of these is root on the engine's machine. */
const ENGINE_SOCKET = /^(docker|podman|containerd|crio|buildkitd)[\w.-]*\.sock$/;

const USUAL_SOCKETS = ["/var/run/docker.sock", "/run/podman/podman.sock", "/run/containerd/containerd.sock"];

/**
 * The real path of what is to be mounted, links followed, when that is there, lies in one of the folders and is nothing
 * that would hand this machine to whatever runs in the container. Rejects with MountSourceError.
 */
export async function mountableSource(source: string, options: MountableSourceOptions): Promise<string> {
  if (!isAbsolute(source)) {
    throw new MountSourceError(source, "its path must be absolute.");
  }
  let path: string;
  let isSocket: boolean;
  try {
    path = await realpath(source);
    isSocket = (await stat(path)).isSocket();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const detail = missing
      ? "there is no such file or folder. Make it, or correct run.mounts."
      : `cannot be read (${messageOf(error)}).`;
    throw new MountSourceError(source, detail, { cause: error });
  }
  const shown = path === source ? "" : ` (it leads to ${path})`;
  const forbidden = await whyForbidden(path, isSocket, options);
  if (forbidden !== undefined) {
    throw new MountSourceError(source, `${forbidden}${shown}. Mount only the folder that is needed.`);
  }
  const folders = await Promise.all(options.folders.map(realPathOr));
  if (!folders.some((folder) => isWithin(path, folder))) {
    throw new MountSourceError(
      source,
      `it lies outside the workspace${shown}. Folders elsewhere must be allowed first: with the setting ` +
        "slipway.allowedMounts in VS Code, with --allow-mount on the command line.",
    );
  }
  return path;
}

async function whyForbidden(
  path: string,
  isSocket: boolean,
  { address, home = homeFolder() }: MountableSourceOptions,
): Promise<string | undefined> {
  if (path === parse(path).root) {
    return "it is the whole file system";
  }
  const own = await realPathOr(home);
  if (isWithin(own, path)) {
    return "the home folder lies in it, with the keys and passwords there";
  }
  const keys = await realPathOr(join(own, ".ssh"));
  if (isWithin(path, keys) || isWithin(keys, path)) {
    return "it holds the user's SSH keys";
  }
  const sockets = await Promise.all(
    [...USUAL_SOCKETS, ...(address.kind === "unix" ? [address.socketPath] : [])].map(realPathOr),
  );
  const named = isSocket && ENGINE_SOCKET.test(parse(path).base);
  if (named || sockets.some((socket) => isWithin(socket, path))) {
    return "it gives a container the engine's socket, and with it this machine";
  }
  return undefined;
}

/** Itself where it is not there. */
async function realPathOr(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
