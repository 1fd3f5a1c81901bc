import { TimeSlice } from "../context/TimeSlice";
import { drained } from "../../core/drained";
import { decodePacket, encodePacket, type Packet } from "./fsutilPacket";
import type { SharedFolder } from "./SharedFolder";

/** Of those that are read in pieces: that is mostly waiting, so others are read meanwhile. */
const FILES_AT_ONCE = 16;
/** A gRPC client refuses messages of more than 4 MB; far smaller ones leave room for others in between. */
const MOST_BYTES = 1 << 16;
/** The end of a content. */
const NOTHING = new Uint8Array();

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
  /** One for all requests: many come at once, each with a call of its own. */
  private readonly slice = new TimeSlice();
  private answering = false;
  /** Files that are read in pieces now. */
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
    const slice = new TimeSlice();
    for (const { stat } of this.entries) {
      if (!this.write({ type: "stat", stat })) {
        await this.room();
      }
      if (slice.isOver()) {
        await slice.next();
      }
    }
    this.write({ type: "stat" });
  }

  private receive(packet: Packet): void {
    switch (packet.type) {
      case "request":
        this.requested.push(packet.id);
        this.answer();
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

  private answer(): void {
    if (!this.answering) {
      this.answerAll().catch((error: unknown) => {
        this.fail(error);
      });
    }
  }

  /** Small files one after the other, with no promise for each; the others beside them. */
  private async answerAll(): Promise<void> {
    this.answering = true;
    for (let id = this.requested[this.taken]; id !== undefined && !this.closed; id = this.requested[this.taken]) {
      const { content, whole } = this.entries[id] ?? {};
      if (content === undefined) {
        throw new Error(`the builder asked for the content of entry ${String(id)}, which has none`);
      }
      if (whole === undefined && this.sending === FILES_AT_ONCE) {
        break;
      }
      this.taken++;
      if (whole === undefined) {
        this.startPieces(id, content);
      } else if (!this.sendWhole(id, whole())) {
        await this.room();
      }
      if (this.slice.isOver()) {
        await this.slice.next();
      }
    }
    // At once, not when the promise is looked at: there may be a request before that.
    this.answering = false;
  }

  private sendWhole(id: number, data: Uint8Array): boolean {
    // One without bytes is the end, after which there must not be another.
    if (data.length > 0) {
      this.write({ type: "data", id, data });
    }
    return this.write({ type: "data", id, data: NOTHING });
  }

  private startPieces(id: number, content: () => AsyncIterable<Uint8Array>): void {
    this.sending++;
    this.sendPieces(id, content).then(
      () => {
        this.sending--;
        this.answer();
      },
      (error: unknown) => {
        this.fail(error);
      },
    );
  }

  private async sendPieces(id: number, content: () => AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of content()) {
      for (let start = 0; start < piece.length; start += MOST_BYTES) {
        if (!this.write({ type: "data", id, data: piece.subarray(start, start + MOST_BYTES) })) {
          await this.room();
        }
      }
      if (this.closed) {
        return;
      }
    }
    this.write({ type: "data", id, data: NOTHING });
  }

  /**
   * Encodes at once, so that `data` may be written over afterwards. @returns false when there is no room for more, for
   * which `room` waits.
   */
  private write(packet: Packet): boolean {
    return this.closed || this.call.write(encodePacket(packet));
  }

  private async room(): Promise<void> {
    this.draining ??= this.nextRoom();
    await this.draining;
  }

  private async nextRoom(): Promise<void> {
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
