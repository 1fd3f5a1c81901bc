import { readable } from "./checkedBy";
import { normalContainerPath } from "./containerPath";
import { DEFAULT_WORKSPACE_FOLDER } from "./findConflicts";
import { parseDuration } from "./parseDuration";
import { parsePortRequest } from "./parsePortRequest";
import { parseMemory } from "./parseSize";
import { readMount } from "./readMount";
import { resolveUserPath, type PathsOptions } from "./resolveUserPath";
import type { RunSection } from "./runSection";
import { said } from "./said";
import { texts } from "./texts";
import type { RunConfiguration } from "./WorkspaceConfiguration";

/** What a valid "run" of slipway.json says. */
export function readRunConfiguration(section: RunSection, paths: PathsOptions): RunConfiguration {
  const { workspace, user, gpus, init, privileged, readOnlyRoot, entrypoint, keepWarm } = section;
  const { envFile, mounts, network, extraHosts, labels, capAdd, capDrop, securityOpt } = section;
  return {
    env: texts(section.env ?? {}),
    ports: (section.ports ?? []).map((port) => readable(parsePortRequest(port))),
    workspaceFolder: normalContainerPath(section.workspaceFolder ?? DEFAULT_WORKSPACE_FOLDER),
    ...said({
      workspace,
      user: user === undefined ? undefined : String(user),
      envFiles: envFile === undefined ? undefined : [envFile].flat().map((path) => resolveUserPath(path, paths)),
      mounts: mounts?.map((mount) => readable(readMount(mount, paths))),
      // Docker and Podman call their own one by different names.
      network: network === "default" ? undefined : network,
      resources: readResources(section),
      gpus,
      init,
      privileged,
      addCapabilities: capAdd?.map(capabilityName),
      dropCapabilities: capDrop?.map(capabilityName),
      securityOptions: securityOpt,
      readOnlyRoot,
      extraHosts: extraHosts && Object.entries(extraHosts).map(([name, address]) => `${name}:${address}`),
      labels: labels && texts(labels),
      entrypoint,
      keepWarmMs: keepWarm === undefined ? undefined : readable(parseDuration(keepWarm)),
    }),
  };
}

function readResources({ cpus, memory, pids }: RunSection): RunConfiguration["resources"] {
  const resources = said({
    cpus,
    memoryBytes: memory === undefined ? undefined : readable(parseMemory(memory)),
    pids,
  });
  return Object.keys(resources).length === 0 ? undefined : resources;
}

/** The one form that all engines take. */
function capabilityName(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, "");
}
