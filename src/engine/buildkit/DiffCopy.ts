import { drained } from "../stream/drained";
import { decodePacket, encodePacket, type Packet } from "./fsutilPacket";
import type { SharedFolder } from "./SharedFolder";

/** Reading one small file is mostly waiting, so others are read meanwhile. */
const FILES_AT_ONCE = 16;
/** A gRPC client refuses messages of more than 4 MB; far smaller ones leave room for others in between. */
const MOST_BYTES = 1 << 16;

/** Encoded packets, in both directions. */
export interface PacketStream {
  write(packet: Buffer): boolean;
  end(): unknown;
  on(event: "data", listener: (packet: Buffer) => void): unknown;
  once(event: "close" | "drain" | "end", listener: () => void): unknown;
  off(event: "close" | "drain", listener: () => void): unknown;
}

/**
 * One DiffCopy call, as its sender (send.go of tonistiigi/fsutil): tells of every entry while it already answers the
 * requests for contents that come back, until the builder says that it has all it wants.
 */
export class DiffCopy {
  private readonly requested: number[] = [];
  /** How many of them are being answered or are; taking them off a long list one by one would cost too much. */
  private taken = 0;
  private sending = 0;
  private closed = false;
  private draining: Promise<void> | undefined;
  private entries: SharedFolder = [];
  private settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;
  private readonly ended: Promise<void>;

  constructor(private readonly call: PacketStream) {
    this.ended = new Promise<void>((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // Nobody may be waiting for it yet.
    this.ended.catch(() => undefined);
    call.once("close", () => {
      this.finish();
    });
    // The builder closes the call without a word when its build ends early.
    call.once("end", () => {
      this.finish();
    });
  }

  /**
   * Resolves when the builder has what it wants, or does not want it any more. Rejects when an entry could not be sent,
   * with the entry's own error.
   */
  async send(entries: SharedFolder): Promise<void> {
    this.entries = entries;
    this.call.on("data", (bytes: Uint8Array) => {
      try {
        this.receive(decodePacket(bytes));
      } catch (error) {
        this.fail(error);
      }
    });
    this.list().catch((error: unknown) => {
      this.fail(error);
    });
    return this.ended;
  }

  private async list(): Promise<void> {
    for (const { stat } of this.entries) {
      await this.write({ type: "stat", stat });
    }
    await this.write({ type: "stat" });
  }

  private receive(packet: Packet): void {
    switch (packet.type) {
      case "request":
        this.requested.push(packet.id);
        this.sendRequested();
        return;
      case "fin":
        this.call.write(encodePacket({ type: "fin" }));
        this.finish();
        return;
      case "error":
        // The builder's own failure, which the build's outcome tells of.
        this.finish();
        return;
      case "stat":
      case "data":
        throw new Error(`the builder sent a packet of type ${packet.type}`);
    }
  }

  private sendRequested(): void {
    while (this.sending < FILES_AT_ONCE && !this.closed) {
      const id = this.requested[this.taken];
      if (id === undefined) {
        return;
      }
      this.taken++;
      this.sending++;
      this.sendContent(id).then(
        () => {
          this.sending--;
          this.sendRequested();
        },
        (error: unknown) => {
          this.fail(error);
        },
      );
    }
  }

  private async sendContent(id: number): Promise<void> {
    const content = this.entries[id]?.content;
    if (content === undefined) {
      throw new Error(`the builder asked for the content of entry ${String(id)}, which has none`);
    }
    for await (const piece of content()) {
      for (let start = 0; start < piece.length; start += MOST_BYTES) {
        await this.write({ type: "data", id, data: piece.subarray(start, start + MOST_BYTES) });
      }
      if (this.closed) {
        return;
      }
    }
    await this.write({ type: "data", id, data: new Uint8Array() });
  }

  /** Encodes at once, so that `data` may be written over afterwards; resolves when there is room for more. */
  private async write(packet: Packet): Promise<void> {
    if (!this.closed && !this.call.write(encodePacket(packet))) {
      this.draining ??= this.room();
      await this.draining;
    }
  }

  private async room(): Promise<void> {
    await Promise.race([drained(this.call), this.ended.catch(() => undefined)]);
    this.draining = undefined;
  }

  private finish(): void {
    if (!this.closed) {
      this.closed = true;
      this.call.end();
      this.settle?.resolve();
    }
  }

  private fail(error: unknown): void {
    if (!this.closed) {
      this.closed = true;
      this.settle?.reject(error);
    }
  }
}
