import { stat } from "node:fs/promises";
import { release } from "node:os";
import { messageOf } from "../../core/errors/ExpectedError";
import { BindSourceError } from "../../core/errors/containerErrors";
import type { CallOptions } from "../../core/ports/ContainerEngine";
import type { ContainerSpec } from "../../core/ports/ContainerTypes";
import { isLocalAddress } from "../../core/ports/EngineEndpoint";
import { asksBinds } from "../toCreateOptions";
import type { EngineClient } from "./EngineClient";

export function bindSources({ mounts }: ContainerSpec): readonly string[] {
  return mounts.flatMap((mount) => (mount.kind === "bind" ? [mount.source] : []));
}

/**
 * A source that is not there, Podman makes as a folder of root's, and so does Docker in the older form of a mount. An engine
 * on this machine can be kept from that. In the newer form Docker refuses by itself, and is not anticipated: it may see
 * folders that are not seen here (Slipway in a container, Docker in a virtual machine). Rejects with BindSourceError.
 */
export async function checkBindSources({
  client,
  spec,
  signal,
}: CallOptions & { readonly client: EngineClient; readonly spec: ContainerSpec }): Promise<void> {
  if (!isLocalAddress(client.endpoint.address)) {
    return;
  }
  const { kind } = await client.ready(signal);
  for (const mount of spec.mounts) {
    if (mount.kind !== "bind" || (kind === "docker" && !asksBinds(mount))) {
      continue;
    }
    try {
      await stat(mount.source);
    } catch (error) {
      if (await isOnThisKernel(client, signal)) {
        throw new BindSourceError(mount.source, messageOf(error));
      }
    }
  }
  signal?.throwIfAborted();
}

/** Not so where the socket leads into a virtual machine, which has folders of its own: Docker Desktop, podman machine. */
async function isOnThisKernel(client: EngineClient, signal: AbortSignal | undefined): Promise<boolean> {
  const { kernel } = await client.systemInfo(signal);
  return process.platform === "linux" && (kernel === undefined || kernel === release());
}

/**
 * Which of the sources a refusal is about, if it is about one. Engines say so in words only, with the whole path: Docker
 * "bind source path does not exist: /a/b", Docker Desktop "mounts denied: The path /a/b is not shared from the host", Podman
 * "statfs /a/b: no such file or directory".
 */
export function refusedSource(detail: string, sources: readonly string[]): string | undefined {
  return /\bbind source path\b|\bmounts denied\b|\bstatfs\b/i.test(detail)
    ? sources.find((source) => isNamedIn(detail, source))
    : undefined;
}

/** As a path of its own, not as a part of a longer one. */
function isNamedIn(detail: string, path: string): boolean {
  for (let at = detail.indexOf(path); at >= 0; at = detail.indexOf(path, at + 1)) {
    const [before = " ", after = " "] = [detail[at - 1], detail[at + path.length]];
    if (/[\s"'`]/.test(before) && /[\s"'`:,.]/.test(after)) {
      return true;
    }
  }
  return false;
}
