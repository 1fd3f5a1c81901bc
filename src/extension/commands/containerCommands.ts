import * as vscode from "vscode";
import type { ContainerNode } from "../ContainersTreeProvider";
import type { Outputs } from "../Outputs";

/** Start: the same command once more, in the same container. */
export async function startContainer({ container, manager }: ContainerNode): Promise<void> {
  await manager.start(container.id);
}

export async function stopContainer({ container, manager }: ContainerNode): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Window,
    title: vscode.l10n.t("Stopping {0}", container.name),
  };
  await vscode.window.withProgress(options, async () => manager.stop(container.id));
}

/** Asks first when something runs in it. */
export async function removeContainer({ container, manager }: ContainerNode): Promise<void> {
  if (container.state === "running") {
    const remove = vscode.l10n.t("Remove");
    const message = vscode.l10n.t("{0} is running. Stop and remove it?", container.name);
    if ((await vscode.window.showWarningMessage(message, { modal: true }, remove)) !== remove) {
      return;
    }
  }
  await manager.remove(container.id);
}

/** Shows what the container wrote, and follows a running one until its logs are asked for again or it ends. */
export class ContainerLogs {
  private following: AbortController | undefined;
  private readonly channel = vscode.window.createOutputChannel("Slipway Container Logs");

  constructor(private readonly outputs: Outputs) {}

  async show({ container, manager }: ContainerNode): Promise<void> {
    this.following?.abort();
    const controller = new AbortController();
    this.following = controller;
    this.channel.clear();
    this.channel.appendLine(`--- ${container.name} (${container.status})`);
    this.channel.show(true);
    const follow = container.state === "running";
    for await (const { text } of manager.logs(container.id, { follow, signal: controller.signal })) {
      this.channel.append(text);
    }
    this.outputs.log.debug(`The logs of ${container.name} ended`);
  }

  dispose(): void {
    this.following?.abort();
    this.channel.dispose();
  }
}
