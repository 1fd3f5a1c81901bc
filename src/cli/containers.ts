import type { ContainerManager } from "../core/container/ContainerManager";
import type { ContainerSummary } from "../core/ports/ContainerTypes";
import type { ChangeCommand, CliCommand, CommonOptions, LogsCommand } from "./CliCommand";
import { findContainers, withManager } from "./withManager";
import { writeOut } from "./writeOut";

/** `slipway ps` */
export async function listContainers(options: CommonOptions, signal: AbortSignal): Promise<number> {
  return withManager(options, signal, async ({ manager }) => {
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
  return withManager(options, signal, async ({ manager }) => {
    const chosen = options.all
      ? await manager.list({ signal })
      : await findContainers(manager, options.containers, signal);
    return forEach(chosen, { ...options, done: "removed" }, async (id) => manager.remove(id, { signal }));
  });
}

/** `slipway start`, `slipway stop` and `slipway restart` */
export async function changeContainers(options: ChangeCommand, signal: AbortSignal): Promise<number> {
  return withManager(options, signal, async ({ manager }) => {
    const chosen = await findContainers(manager, options.containers, signal);
    const done = ({ start: "started", stop: "stopped", restart: "restarted" } as const)[options.name];
    return forEach(chosen, { ...options, done }, async (id) => change(manager, options, id, signal));
  });
}

async function change(
  manager: ContainerManager,
  options: ChangeCommand,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  switch (options.name) {
    case "start":
      return manager.start(id, { signal });
    case "stop":
      return manager.stop(id, { timeoutSeconds: options.graceSeconds, signal });
    case "restart":
      return manager.restart(id, { timeoutSeconds: options.graceSeconds, signal });
  }
}

/** `slipway logs` */
export async function printLogs(options: LogsCommand, signal: AbortSignal): Promise<number> {
  return withManager(options, signal, async ({ manager }) => {
    const [container] = await findContainers(manager, [options.container], signal);
    const { follow, tail, since, json } = options;
    for await (const { stream, data, text } of manager.logs(container?.id ?? "", { follow, tail, since, signal })) {
      if (!json) {
        await writeOut(stream === "stdout" ? process.stdout : process.stderr, data);
      } else if (text !== "") {
        await writeOut(process.stdout, `${JSON.stringify({ type: "output", stream, text })}\n`);
      }
    }
    return 0;
  });
}

/** `slipway inspect`: as JSON in any case. */
export async function inspectContainers(
  options: CliCommand & { readonly name: "inspect" },
  signal: AbortSignal,
): Promise<number> {
  return withManager(options, signal, async ({ manager }) => {
    for (const { id } of await findContainers(manager, options.containers, signal)) {
      const details = await manager.inspect(id, { signal });
      // A proxy's variable may have a password in it.
      const env = details.env.map((variable) => variable.replace(/:\/\/[^/@\s]*@/g, "://***@"));
      const text = JSON.stringify({ ...details, env }, undefined, options.json ? undefined : 2);
      await writeOut(process.stdout, `${text}\n`);
    }
    return 0;
  });
}

async function forEach(
  containers: readonly ContainerSummary[],
  { json, done }: { readonly json: boolean; readonly done: string },
  action: (id: string) => Promise<void>,
): Promise<number> {
  for (const { id, name } of containers) {
    await action(id);
    await writeOut(process.stdout, `${json ? JSON.stringify({ type: done, id, name }) : name}\n`);
  }
  return 0;
}

function formatLine({ id, name, state, status, ports }: ContainerSummary): string {
  const shown = ports.map(
    ({ hostIp, hostPort, containerPort }) => `${hostIp}:${String(hostPort)}->${String(containerPort)}`,
  );
  return [id.slice(0, 12), state.padEnd(8), name, status, ...shown].join("  ");
}
