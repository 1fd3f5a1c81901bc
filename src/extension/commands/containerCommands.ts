import * as vscode from "vscode";
import { openableAddress } from "../formatPort";
import type { JsonDocuments } from "../JsonDocuments";
import type { ContainerNode } from "../containers/ContainerNode";
import type { JobRunner } from "../jobs/JobRunner";
import { isLocalAddress } from "../../core/ports/EngineEndpoint";

/** Start: that of one command runs it once more, a warm one waits for tasks again. */
export async function startContainer({ container, manager }: ContainerNode): Promise<void> {
  await manager.start(container.id);
}

/** Stop: what runs in it ends, which is no failure then. */
export async function stopContainer(jobs: JobRunner, { container, manager }: ContainerNode): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Window,
    title: vscode.l10n.t("Stopping {0}", container.name),
  };
  await jobs.expectStop(container.id, async () =>
    vscode.window.withProgress(options, async () => manager.stop(container.id)),
  );
}

/** Restart: also one that does not run. */
export async function restartContainer(jobs: JobRunner, { container, manager }: ContainerNode): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Window,
    title: vscode.l10n.t("Restarting {0}", container.name),
  };
  await jobs.expectStop(container.id, async () =>
    vscode.window.withProgress(options, async () => manager.restart(container.id)),
  );
}

/** Remove: asks first when a task runs in it, or its own command. A warm one in which nothing runs is made again at once. */
export async function removeContainer(jobs: JobRunner, { container, manager }: ContainerNode): Promise<void> {
  if (container.state === "running") {
    const tasks = jobs.tasksIn(container.id);
    const remove = vscode.l10n.t("Remove");
    const message =
      tasks.length === 0
        ? vscode.l10n.t("{0} is running. Stop and remove it?", container.name)
        : vscode.l10n.t("{0} runs in {1}. Stop and remove it?", tasks.join(", "), container.name);
    if ((await vscode.window.showWarningMessage(message, { modal: true }, remove)) !== remove) {
      return;
    }
  }
  await jobs.expectStop(container.id, async () => manager.remove(container.id));
}

/** Inspect: what the engine says of it. */
export async function inspectContainer(documents: JsonDocuments, { container, manager }: ContainerNode): Promise<void> {
  await documents.show(container.name, { ...(await manager.inspect(container.id)), status: container.status });
}

/** Open Port in Browser: asks which where it has several. */
export async function openPort({ container, engine }: ContainerNode): Promise<void> {
  const ports = container.ports.flatMap((port) => {
    const address = openableAddress(port);
    return address === undefined ? [] : [{ label: String(port.containerPort), description: address, address }];
  });
  const [first] = ports;
  if (first === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} has no port to open. Name some in "run.ports" of slipway.json.', container.name),
    );
    return;
  }
  if (!isLocalAddress(engine.endpoint.address)) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t("The container is on another machine: {0} is an address of that one.", first.address),
    );
    return;
  }
  const title = vscode.l10n.t("Which port of the container?");
  const picked = ports.length === 1 ? first : await vscode.window.showQuickPick(ports, { title });
  if (picked !== undefined) {
    await vscode.env.openExternal(vscode.Uri.parse(picked.address));
  }
}
