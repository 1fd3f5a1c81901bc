import * as vscode from "vscode";
import { LABEL } from "../core/labels";
import type { ContainerNode } from "./containers/ContainerNode";
import { ChannelSink } from "./jobs/ChannelSink";
import type { Outputs } from "./Outputs";

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
    const sink = new ChannelSink(this.channel);
    sink.line(`--- ${container.name} (${container.status})`);
    if (container.labels[LABEL.kind] === "warm") {
      sink.line(
        vscode.l10n.t("It waits for tasks, and writes nothing itself. What tasks write is in {0}.", "Slipway Run"),
      );
    }
    sink.show();
    const follow = container.state === "running";
    try {
      for await (const { text } of manager.logs(container.id, { follow, signal: controller.signal })) {
        await sink.append(text);
      }
    } finally {
      sink.flush();
    }
    this.outputs.log.debug(`The logs of ${container.name} ended`);
  }

  dispose(): void {
    this.following?.abort();
    this.channel.dispose();
  }
}
