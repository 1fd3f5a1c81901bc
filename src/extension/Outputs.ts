import * as vscode from "vscode";
import { ChannelSink } from "./jobs/ChannelSink";
import type { TextSink } from "./jobs/TextSink";

const RUN = "Slipway Run";

interface Channel {
  readonly channel: vscode.OutputChannel;
  readonly sink: ChannelSink;
  /** A job writes to it. */
  taken: boolean;
}

/** One output channel for each purpose. */
export class Outputs {
  /** What Slipway itself has to say, for whoever looks for a fault. */
  readonly log = vscode.window.createOutputChannel("Slipway", { log: true });
  private readonly buildChannel = openChannel("Slipway Build");
  private readonly runChannels = [openChannel(RUN)];

  get build(): TextSink {
    return this.buildChannel.sink;
  }

  /** For one job: "Slipway Run", or another channel while somebody writes there, so that each can be read. */
  openRun(): TextSink {
    let free = this.runChannels.find(({ taken }) => !taken);
    if (free === undefined) {
      free = openChannel(`${RUN} ${String(this.runChannels.length + 1)}`);
      this.runChannels.push(free);
    }
    free.taken = true;
    return free.sink;
  }

  /** What `openRun` has given is free for the next job. */
  closeRun(sink: TextSink): void {
    for (const channel of this.runChannels) {
      if (channel.sink === sink) {
        channel.sink.flush();
        channel.taken = false;
      }
    }
  }

  dispose(): void {
    this.log.dispose();
    for (const { channel, sink } of [this.buildChannel, ...this.runChannels]) {
      sink.flush();
      channel.dispose();
    }
  }
}

function openChannel(name: string): Channel {
  const channel = vscode.window.createOutputChannel(name);
  return { channel, sink: new ChannelSink(channel), taken: false };
}
