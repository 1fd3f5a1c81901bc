import { ContainerManager } from "../core/container/ContainerManager";
import { WorkspaceError } from "../core/errors/configurationErrors";
import type { ContainerSummary } from "../core/ports/ContainerTypes";
import { openFolder } from "./openFolder";
import { openEngine } from "./openWorkspace";
import type { CliCommand, CommonOptions } from "./parseArguments";
import { writeOut } from "./writeOut";

/** `slipway ps` */
export async function listContainers(options: CommonOptions, signal: AbortSignal): Promise<number> {
  return withManager(options, signal, async (manager) => {
    const containers = await manager.list({ signal });
    for (const container of containers) {
      await writeOut(process.stdout, `${options.json ? JSON.stringify(container) : formatLine(container)}\n`);
    }
    if (containers.length === 0 && !options.json) {
      await writeOut(process.stderr, "slipway: this workspace has no containers\n");
    }
    return 0;
  });
}

/** `slipway rm`: only containers of this workspace; each is named by its name, its ID or the ID's beginning. */
export async function removeContainers(
  options: CliCommand & { readonly name: "rm" },
  signal: AbortSignal,
): Promise<number> {
  return withManager(options, signal, async (manager) => {
    const own = await manager.list({ signal });
    const chosen = options.all ? own : options.containers.map((name) => find(own, name));
    for (const { id, name } of chosen) {
      await manager.remove(id, { signal });
      await writeOut(process.stdout, `${options.json ? JSON.stringify({ type: "removed", id, name }) : name}\n`);
    }
    return 0;
  });
}

async function withManager<T>(
  options: CommonOptions,
  signal: AbortSignal,
  action: (manager: ContainerManager) => Promise<T>,
): Promise<T> {
  const workspace = await openFolder(options);
  return action(new ContainerManager(await openEngine(options, signal), workspace));
}

function find(containers: readonly ContainerSummary[], name: string): ContainerSummary {
  const exact = containers.filter((container) => container.name === name || container.id === name);
  const found = exact.length > 0 ? exact : containers.filter(({ id }) => name.length >= 4 && id.startsWith(name));
  const [container] = found;
  if (container === undefined || found.length > 1) {
    throw new WorkspaceError(
      `This workspace has no container ${name}, or several of that name; "slipway ps" lists them.`,
    );
  }
  return container;
}

function formatLine({ id, name, state, status, ports }: ContainerSummary): string {
  const shown = ports.map(
    ({ hostIp, hostPort, containerPort }) => `${hostIp}:${String(hostPort)}->${String(containerPort)}`,
  );
  return [id.slice(0, 12), state.padEnd(8), name, status, ...shown].join("  ");
}
