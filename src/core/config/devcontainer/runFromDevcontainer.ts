import { isUnreadable } from "../checkedBy";
import { normalContainerPath } from "../containerPath";
import { parseMountText } from "../parseMountText";
import { parsePortRequest } from "../parsePortRequest";
import { readMount } from "../readMount";
import { runSection, type RunSection } from "../runSection";
import type { DevcontainerFile } from "./devcontainerFile";
import { needsContainer } from "./DevcontainerVariables";
import { runArguments } from "./runArguments";
import { SectionBuilder } from "./SectionBuilder";
import type { TranslationNotes } from "./TranslationNotes";

export interface RunFromDevcontainerOptions {
  readonly devcontainer: DevcontainerFile;
  readonly notes: TranslationNotes;
  /** Absolute path of the workspace. */
  readonly folder: string;
  /** Where the workspace is in the container. */
  readonly workspaceFolder: string;
  /** Of the process. */
  readonly env: NodeJS.ProcessEnv;
}

/** How the container of a devcontainer.json runs. */
export function runFromDevcontainer(options: RunFromDevcontainerOptions): RunSection {
  const { devcontainer, notes } = options;
  const sections = new SectionBuilder<RunSection>(runSection);
  // What runArgs say comes after the fields of the file, as it stands behind them on Dev Containers' command line.
  takeFields(sections, options);
  takePorts(sections, devcontainer, notes);
  takeRunArguments(sections, options);
  const user = devcontainer.remoteUser ?? devcontainer.containerUser;
  if (user !== undefined) {
    const key = devcontainer.remoteUser === undefined ? "containerUser" : "remoteUser";
    notes.problem([key], sections.take({ user }));
  }
  const run = sections.build();
  if ("problem" in run) {
    notes.problem([], run.problem);
    return {};
  }
  return run.section;
}

function takeFields(sections: SectionBuilder<RunSection>, options: RunFromDevcontainerOptions): void {
  const { devcontainer, notes, workspaceFolder } = options;
  const { mounts, capAdd, securityOpt, init, privileged, hostRequirements } = devcontainer;
  const place = devcontainer.workspaceFolder === undefined ? "workspaceMount" : "workspaceFolder";
  notes.problem([place], sections.take({ workspaceFolder }));
  takeWorkspaceMount(sections, options);
  takeVariables("containerEnv", sections, options);
  takeVariables("remoteEnv", sections, options);
  mounts?.forEach((mount, index) => {
    notes.problem(["mounts", index], sections.take({ mounts: [typeof mount === "string" ? mount : mountText(mount)] }));
  });
  capAdd?.forEach((capability, index) => {
    notes.problem(["capAdd", index], sections.take({ capAdd: [capability] }));
  });
  securityOpt?.forEach((option, index) => {
    notes.problem(["securityOpt", index], sections.take({ securityOpt: [option] }));
  });
  const gpu = hostRequirements?.gpu;
  sections.take({
    ...(init === undefined ? {} : { init }),
    ...(privileged === undefined ? {} : { privileged }),
    ...(gpu === undefined || gpu === false ? {} : { gpus: gpu === "optional" ? "optional" : "required" }),
  });
}

/** Objects have the same fields as the texts. */
function mountText({
  type,
  source,
  target,
}: NonNullable<Exclude<DevcontainerFile["mounts"], undefined>[number] & object>): string {
  return [`type=${type}`, ...(source === undefined ? [] : [`source=${source}`]), `target=${target}`].join(",");
}

/** The workspace is at `workspaceFolder`, unless the file says that something else is mounted, or elsewhere. */
function takeWorkspaceMount(
  sections: SectionBuilder<RunSection>,
  { devcontainer: { workspaceMount }, notes, folder, workspaceFolder }: RunFromDevcontainerOptions,
): void {
  if (workspaceMount === undefined) {
    return;
  }
  if (workspaceMount === "") {
    sections.take({ workspace: "none" });
    return;
  }
  const text = parseMountText(workspaceMount);
  const mount = isUnreadable(text) ? text : readMount(text, { base: folder, home: folder });
  if (isUnreadable(mount)) {
    notes.problem(["workspaceMount"], mount.problem);
    return;
  }
  const isOwn = mount.kind === "bind" && mount.source === folder && mount.readOnly !== true;
  if (isOwn && mount.target === normalContainerPath(workspaceFolder)) {
    return;
  }
  sections.take({ workspace: "none", mounts: [workspaceMount] });
  if (mount.kind !== "bind") {
    notes.warn(
      "workspaceMount is no folder of this machine: what is in the container are not the files of this folder",
    );
  }
}

function takeVariables(
  key: "containerEnv" | "remoteEnv",
  sections: SectionBuilder<RunSection>,
  { devcontainer, notes }: RunFromDevcontainerOptions,
): void {
  for (const [name, value] of Object.entries(devcontainer[key] ?? {})) {
    if (value === null) {
      notes.warn(`${key}.${name} is null: Slipway cannot take a variable away`);
    } else if (typeof value === "string" && needsContainer(value)) {
      notes.warn(`${key}.${name} is not set: the value of a variable in it is known only in the container`);
    } else {
      notes.problem([key, name], sections.take({ env: { [name]: value } }));
    }
  }
}

function takePorts(
  sections: SectionBuilder<RunSection>,
  { appPort, forwardPorts }: DevcontainerFile,
  notes: TranslationNotes,
): void {
  const published = new Set<number>();
  const appPorts = appPort === undefined ? [] : [appPort].flat();
  appPorts.forEach((port, index) => {
    // A number is the same one on this machine.
    const text = typeof port === "number" ? `${String(port)}:${String(port)}` : port;
    notes.problem(Array.isArray(appPort) ? ["appPort", index] : ["appPort"], sections.take({ ports: [text] }));
    const request = parsePortRequest(text);
    if (!isUnreadable(request)) {
      published.add(request.containerPort);
    }
  });
  forwardPorts?.forEach((port, index) => {
    const own = /^(?:localhost|127\.0\.0\.1):(\d+)$/.exec(String(port))?.[1] ?? String(port);
    if (/:/.test(own)) {
      notes.warn(`forwardPorts "${own}" is not applied: it is a port of another container`);
    } else if (!published.has(Number(own))) {
      notes.problem(["forwardPorts", index], sections.take({ ports: [own] }));
    }
  });
}

function takeRunArguments(
  sections: SectionBuilder<RunSection>,
  { devcontainer, notes, env }: RunFromDevcontainerOptions,
): void {
  for (const { option, section } of runArguments(devcontainer.runArgs ?? [], env)) {
    const refused = section === undefined ? "slipway.json has no equivalent" : sections.take(section);
    if (refused !== undefined) {
      notes.warn(`"${option.text}" of runArgs is not applied: ${refused}`);
    }
  }
}
