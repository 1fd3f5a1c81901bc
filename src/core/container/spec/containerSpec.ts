import { realpath } from "node:fs/promises";
import { posix } from "node:path";
import type { RunConfiguration, WorkspaceMode } from "../../config/WorkspaceConfiguration";
import { RemoteBindError, RunOptionError } from "../../errors/containerErrors";
import { homeFolder } from "../../homeFolder";
import { LABEL_PREFIX } from "../../labels";
import type { NetworkSettings } from "../../network/NetworkSettings";
import type { ContainerEngine } from "../../ports/ContainerEngine";
import type { ContainerSpec, Labels, Mount } from "../../ports/ContainerTypes";
import { formatEngineAddress, isLocalAddress, type EngineAddress } from "../../ports/EngineEndpoint";
import { containerUser } from "../../task/containerUser";
import { networkVariables } from "../../task/networkVariables";
import type { Workspace } from "../../Workspace";
import { isWithin } from "./isWithin";
import { preparedMounts } from "./preparedMounts";
import { preparedPorts } from "./preparedPorts";
import { readEnvFile } from "./readEnvFile";
import { runHash } from "./runHash";

export interface ContainerSpecOptions {
  readonly engine: ContainerEngine;
  readonly workspace: Workspace;
  readonly image: { readonly reference: string; readonly imageId: string };
  readonly run: RunConfiguration;
  readonly mode: WorkspaceMode;
  readonly network: NetworkSettings;
  /** What SELinux is to do with the workspace's folder, and with what of it is mounted besides. */
  readonly relabel?: "shared" | "private" | undefined;
  /** More folders of this machine that may be mounted. */
  readonly allowedFolders?: readonly string[] | undefined;
  /** Where env files take the values of names that stand alone; this process's where absent. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** The user's own where absent. */
  readonly home?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What an engine is to be asked for. `makeContainer` does that. */
export interface PreparedSpec {
  /** Without command, name and the labels of Slipway; also without an entrypoint, which would stand before steps. */
  readonly spec: Omit<ContainerSpec, "name" | "command" | "labels" | "entrypoint"> & {
    /** The user's own. */
    readonly labels: Labels;
  };
  /** For who runs the image's own command. */
  readonly entrypoint: readonly string[] | undefined;
  /** GPUs that are asked for are left out where the engine has none. */
  readonly gpusOptional: boolean;
  readonly mode: WorkspaceMode;
  /** Equal for what means the same, whatever the order; hexadecimal. The image does not count. */
  readonly runHash: string;
  /** For people. */
  readonly warnings: readonly string[];
  /** What exec is to be given as user; undefined is the container's. */
  readonly execUser: string | undefined;
  /** A tar to unpack at "/" right after it was made: the authorities to trust. */
  readonly files: (() => AsyncIterable<Uint8Array>) | undefined;
}

/**
 * From what slipway.json asks for to what the engine is asked for. Rejects with RunOptionError, EnvFileError,
 * MountSourceError and RemoteBindError.
 */
export async function containerSpec(options: ContainerSpecOptions): Promise<PreparedSpec> {
  const { engine, workspace, image, run, mode, network, environment = process.env, signal } = options;
  checkLabels(run.labels ?? {});
  const mounts = await mountsOf(options);
  const ports = preparedPorts(run);
  const env = await environmentOf(run, environment);
  const variables = await networkVariables({
    ...{ engine, network, signal },
    image: image.reference,
    run: { ...run, env },
  });
  signal?.throwIfAborted();
  const { resources, init, privileged, addCapabilities, dropCapabilities, securityOptions, readOnlyRoot } = run;
  const spec: PreparedSpec["spec"] = {
    image: image.reference,
    workingDirectory: run.workspaceFolder,
    env: { ...variables, ...env },
    labels: run.labels ?? {},
    mounts,
    ports: ports.ports,
    ...(run.user === undefined ? {} : { user: containerUser(run.user) }),
    ...(run.gpus === undefined ? {} : { gpus: true }),
    ...{ network: run.network, resources, init, privileged, addCapabilities, dropCapabilities, securityOptions },
    ...{ readOnlyRoot, extraHosts: run.extraHosts },
  };
  const { certificates } = network;
  return {
    spec,
    entrypoint: run.entrypoint,
    gpusOptional: run.gpus === "optional",
    mode,
    runHash: runHash({ spec, workspaceId: workspace.id, mode, gpus: run.gpus, certificates: certificates?.sha256 }),
    warnings: [...ports.warnings, ...(await homeWarnings(options))],
    execUser: undefined,
    files: certificates === undefined ? undefined : () => certificates.tar(),
  };
}

/** How the workspace's files get into a container, where nothing else is said: an engine of another machine sees none. */
export function workspaceMode(run: RunConfiguration, address: EngineAddress): WorkspaceMode {
  return run.workspace ?? (isLocalAddress(address) ? "bind" : "copy");
}

/** What the user has opened is mounted, whatever it is; that it is the home folder may not have been meant. */
async function homeWarnings({
  workspace,
  mode,
  home = homeFolder(),
}: ContainerSpecOptions): Promise<readonly string[]> {
  const real = await realpath(home).catch(() => home);
  return mode === "bind" && isWithin(real, workspace.folder)
    ? [
        `The workspace ${workspace.folder} holds your home folder, so the container can read and change all of it, keys ` +
          'and passwords too. Open only the project\'s folder, or set "run": { "workspace": "none" }.',
      ]
    : [];
}

/** The workspace's own folder is what the user has opened; homeWarnings speaks of it. */
async function mountsOf(options: ContainerSpecOptions): Promise<readonly Mount[]> {
  const { engine, workspace, run, mode, relabel, allowedFolders = [] } = options;
  const { address } = engine.endpoint;
  const asked = run.mounts ?? [];
  const own: Mount = {
    ...{ kind: "bind", source: workspace.folder, target: run.workspaceFolder },
    ...(relabel === undefined ? {} : { relabel }),
  };
  if (!isLocalAddress(address)) {
    const bind = [...(mode === "bind" ? [own] : []), ...asked].find(({ kind }) => kind === "bind");
    if (bind?.kind === "bind") {
      throw new RemoteBindError(bind.source, formatEngineAddress(address), bind === own);
    }
  }
  const others = await preparedMounts(asked, { workspace, relabel, allowedFolders, address });
  const mounts = [...(mode === "bind" ? [own] : []), ...others];
  checkTargets(mode === "copy" ? [own, ...mounts] : mounts);
  if (mode === "copy") {
    checkCopyPlace(run.workspaceFolder, mounts);
  }
  return mounts;
}

/** One would hide the other, and which one differs from engine to engine. */
function checkTargets(mounts: readonly Mount[]): void {
  const seen = new Set<string>();
  for (const { target } of mounts) {
    const path = posix.normalize(target).replace(/(?<=.)\/$/, "");
    if (path === "/" || seen.has(path)) {
      const problem = path === "/" ? "nothing can be mounted at /" : `two things would be mounted at ${path}`;
      throw new RunOptionError("run.mounts", `${problem}. Choose another target.`);
    }
    seen.add(path);
  }
}

/** Memory is empty after each start of the container, and Docker copies nothing there. */
function checkCopyPlace(workspaceFolder: string, mounts: readonly Mount[]): void {
  const above = mounts.find(({ kind, target }) => kind === "tmpfs" && isWithin(workspaceFolder, target));
  if (above !== undefined) {
    throw new RunOptionError(
      "run.mounts",
      `the workspace would be copied to ${workspaceFolder}, below the tmpfs mount ${above.target}, where it does not stay. ` +
        "Mount a volume there, or choose another run.workspaceFolder.",
    );
  }
}

function checkLabels(labels: Labels): void {
  const name = Object.keys(labels).find((label) => label.startsWith(LABEL_PREFIX) || label === "");
  if (name !== undefined) {
    throw new RunOptionError(
      "run.labels",
      name === ""
        ? "a label must have a name."
        : `${JSON.stringify(name)} is one of Slipway's own labels. Choose a name that does not begin with ${LABEL_PREFIX}.`,
    );
  }
}

async function environmentOf(
  { env, envFiles = [] }: RunConfiguration,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, string>>> {
  const files = await Promise.all(envFiles.map(async (file) => readEnvFile(file, environment)));
  return Object.fromEntries([...files, env].flatMap((variables) => Object.entries(variables)));
}
