import type { ContainerManager } from "../core/container/ContainerManager";
import { formatSize } from "../core/image/list/formatSize";
import type { ContainerStats, ContainerSummary } from "../core/ports/ContainerTypes";
import type { StatsCommand } from "./CliCommand";
import { formatTable } from "./formatTable";
import { findContainers, withManager } from "./withManager";
import { writeOut } from "./writeOut";

/** `slipway stats`: of the containers that are named, else of all that run; once, or until it is interrupted. */
export async function printStats(options: StatsCommand, signal: AbortSignal): Promise<number> {
  return withManager(options, signal, async ({ manager }) => {
    const chosen =
      options.containers.length > 0
        ? await findContainers(manager, options.containers, signal)
        : (await manager.list({ signal })).filter(({ state }) => state === "running");
    if (!options.json) {
      await writeOut(process.stdout, `${formatStats(["NAME", "CPU", "MEMORY", "PIDS", "RECEIVED", "SENT"])}\n`);
    }
    await Promise.all(chosen.map(async (container) => print(manager, container, options, signal)));
    return 0;
  });
}

async function print(
  manager: ContainerManager,
  { id, name }: ContainerSummary,
  { json, follow }: StatsCommand,
  signal: AbortSignal,
): Promise<void> {
  for await (const stats of manager.stats(id, { signal })) {
    // The first one has nothing to be compared with, and so says nothing of the CPU.
    if (stats.cpuPercent === undefined && !follow) {
      continue;
    }
    const line = json ? JSON.stringify({ id, name, ...stats }) : formatStats([name, ...cellsOf(stats)]);
    await writeOut(process.stdout, `${line}\n`);
    if (!follow) {
      return;
    }
  }
}

const WIDTHS = [40, 6, 20, 5, 9, 9];

function formatStats(cells: readonly string[]): string {
  return formatTable([cells.map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0))])[0] ?? "";
}

function cellsOf(stats: ContainerStats): readonly string[] {
  const { cpuPercent, memoryBytes, memoryLimitBytes, pids, networkReceivedBytes, networkSentBytes } = stats;
  const size = (bytes: number | undefined): string => (bytes === undefined ? "?" : formatSize(bytes));
  const limit = memoryLimitBytes === undefined ? "" : ` of ${formatSize(memoryLimitBytes)}`;
  return [
    cpuPercent === undefined ? "?" : `${cpuPercent.toFixed(1)}%`,
    `${size(memoryBytes)}${limit}`,
    String(pids ?? "?"),
    size(networkReceivedBytes),
    size(networkSentBytes),
  ];
}
