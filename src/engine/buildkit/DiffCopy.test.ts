import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { DiffCopy } from "./DiffCopy";
import { decodePacket, encodePacket, type Packet } from "./fsutilPacket";
import type { SharedEntry } from "./SharedFolder";

/** The builder's side of a call. */
class Builder extends Duplex {
  readonly received: Packet[] = [];
  /** Keeps what comes from being taken. */
  stalled = false;
  private waiting: (() => void) | undefined;

  constructor() {
    super({ objectMode: true, highWaterMark: 4 });
  }

  override _read(): void {
    // Everything is pushed.
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.received.push(decodePacket(bytes));
    if (this.stalled) {
      this.waiting = done;
    } else {
      setImmediate(done);
    }
  }

  goOn(): void {
    this.stalled = false;
    this.waiting?.();
  }

  send(packet: Packet): void {
    this.push(encodePacket(packet));
  }

  /** Resolves when a packet like this one has come. */
  async got(wanted: (packet: Packet) => boolean): Promise<void> {
    while (!this.received.some(wanted)) {
      await setTimeout(1);
    }
  }

  textOf(id: number): string {
    return this.received
      .map((packet) => (packet.type === "data" && packet.id === id ? Buffer.from(packet.data).toString() : ""))
      .join("");
  }

  hasEnded(id: number): boolean {
    return this.received.some((packet) => packet.type === "data" && packet.id === id && packet.data.length === 0);
  }
}

function entry(path: string, content?: () => AsyncIterable<Uint8Array>): SharedEntry {
  const stat = { path, mode: 0, size: 0, modTime: 0n, linkname: "" };
  return content === undefined ? { stat } : { stat, content };
}

function file(path: string, ...pieces: readonly (string | Error)[]): SharedEntry {
  return entry(path, async function* () {
    for (const piece of pieces) {
      await setTimeout(1);
      if (piece instanceof Error) {
        throw piece;
      }
      yield Buffer.from(piece);
    }
  });
}

/** A small one, whose content comes at once. */
function small(path: string, read: () => string): SharedEntry {
  return { ...file(path, new Error("not in pieces")), whole: () => Buffer.from(read()) };
}

const listEnd = (packet: Packet): boolean => packet.type === "stat" && packet.stat === undefined;

describe("DiffCopy", () => {
  const builders: Builder[] = [];
  const newBuilder = (): Builder => {
    const builder = new Builder();
    builders.push(builder);
    return builder;
  };

  afterEach(() => {
    builders.splice(0).forEach((builder) => builder.destroy());
  });

  it("lists everything, gives what is asked for, and ends when the builder has it", async () => {
    const builder = newBuilder();
    const sending = new DiffCopy(builder).send([
      file("a", "1", "2"),
      entry("b"),
      file("c", "x".repeat(100_000)),
      file("d"),
    ]);
    await builder.got(listEnd);
    const listed = builder.received.flatMap((packet) => (packet.type === "stat" ? [packet.stat?.path ?? ""] : []));
    assert.deepEqual(listed, ["a", "b", "c", "d", ""]);
    for (const id of [2, 0, 3]) {
      builder.send({ type: "request", id });
    }
    await Promise.all([0, 2, 3].map(async (id) => builder.got(() => builder.hasEnded(id))));
    assert.deepEqual(
      [0, 2, 3].map((id) => builder.textOf(id)),
      ["12", "x".repeat(100_000), ""],
    );
    assert.ok(builder.received.every((packet) => packet.type !== "data" || packet.data.length <= 65_536));
    builder.send({ type: "fin" });
    await sending;
    await builder.got(({ type }) => type === "fin");
    assert.ok(builder.writableEnded);
  });

  it("answers requests while it still lists", async () => {
    const builder = newBuilder();
    void new DiffCopy(builder).send([
      file("a", "1"),
      ...Array.from({ length: 500 }, (_, index) => entry(`b${String(index)}`)),
    ]);
    builder.send({ type: "request", id: 0 });
    await builder.got(() => builder.hasEnded(0));
    assert.ok(!builder.received.some(listEnd));
  });

  it("reads some files at once, and no more than some", async () => {
    const builder = newBuilder();
    let reading = 0;
    let most = 0;
    const slow = (path: string): SharedEntry =>
      entry(path, async function* () {
        most = Math.max(most, ++reading);
        await setTimeout(5);
        yield Buffer.from(path);
        reading--;
      });
    void new DiffCopy(builder).send(Array.from({ length: 100 }, (_, index) => slow(String(index))));
    for (let id = 0; id < 100; id++) {
      builder.send({ type: "request", id });
    }
    await builder.got(() => builder.hasEnded(99));
    assert.equal(most, 16);
  });

  it("reads no further than the builder takes, and may use a piece's memory again", async () => {
    const builder = newBuilder();
    let read = 0;
    const endless = entry("a", async function* () {
      const piece = Buffer.alloc(1_000);
      for (;;) {
        await Promise.resolve();
        piece.fill(String(read++ % 10));
        yield piece;
      }
    });
    const sending = new DiffCopy(builder).send([endless]);
    await builder.got(listEnd);
    builder.stalled = true;
    builder.send({ type: "request", id: 0 });
    await setTimeout(50);
    assert.ok(read <= 8, String(read));
    builder.goOn();
    await builder.got(() => builder.textOf(0).length >= 20_000);
    builder.destroy();
    await sending;
    const after = read;
    await setTimeout(20);
    assert.ok(read <= after + 1);
    assert.match(builder.textOf(0), /^0{1000}1{1000}2{1000}3{1000}/);
  });

  it("gives small files whole, in one packet and its end, and an empty one only its end", async () => {
    const builder = newBuilder();
    const sending = new DiffCopy(builder).send([
      small("a", () => "content"),
      small("b", () => ""),
      file("c", "in ", "pieces"),
      small("d", () => "last"),
    ]);
    // All in one go, as they come in one chunk from the network.
    for (const id of [0, 1, 2, 3]) {
      builder.send({ type: "request", id });
    }
    await Promise.all([0, 1, 2, 3].map(async (id) => builder.got(() => builder.hasEnded(id))));
    const dataOf = (wanted: number): readonly string[] =>
      builder.received.flatMap((packet) =>
        packet.type === "data" && packet.id === wanted ? [Buffer.from(packet.data).toString()] : [],
      );
    assert.deepEqual([0, 1, 2, 3].map(dataOf), [["content", ""], [""], ["in ", "pieces", ""], ["last", ""]]);
    builder.send({ type: "fin" });
    await sending;
  });

  it("answers each of many requests, however they come", async () => {
    const builder = newBuilder();
    const count = 500;
    void new DiffCopy(builder).send(
      Array.from({ length: count }, (_, index) =>
        index % 7 === 0 ? file(String(index), "x") : small(String(index), () => "x"),
      ),
    );
    for (let id = 0; id < count; id++) {
      builder.send({ type: "request", id });
      if (id % 50 === 0) {
        await setTimeout(1);
      }
    }
    for (let id = 0; id < count; id++) {
      await builder.got(() => builder.hasEnded(id));
    }
  });

  it("reads small files no further than the builder takes, and none when the builder has gone", async () => {
    const builder = newBuilder();
    let read = 0;
    const one = small("a", () => {
      read++;
      return "x";
    });
    const sending = new DiffCopy(builder).send(Array.from({ length: 100 }, () => one));
    await builder.got(listEnd);
    builder.stalled = true;
    for (let id = 0; id < 100; id++) {
      builder.send({ type: "request", id });
    }
    await setTimeout(20);
    assert.ok(read > 0 && read <= 8, String(read));
    builder.destroy();
    await sending;
    const after = read;
    await setTimeout(20);
    assert.equal(read, after);
  });

  it("lets others run while it sends many small files", async () => {
    const builder = newBuilder();
    let read = 0;
    const slow = small("a", () => {
      read++;
      const end = performance.now() + 1;
      while (performance.now() < end) {
        // Busy.
      }
      return "x";
    });
    // As if the connection took everything at once.
    builder._write = (bytes: Buffer, _encoding: string, done: () => void): void => {
      builder.received.push(decodePacket(bytes));
      done();
    };
    // How far it has come each time that somebody else has his turn.
    const seen = new Set<number>();
    const watch = setInterval(() => seen.add(read), 1);
    try {
      void new DiffCopy(builder).send(Array.from({ length: 100 }, () => slow));
      for (let id = 0; id < 100; id++) {
        builder.send({ type: "request", id });
      }
      await builder.got(() => builder.hasEnded(99));
    } finally {
      clearInterval(watch);
    }
    const between = [...seen].filter((count) => count > 0 && count < 100);
    assert.ok(between.length >= 2, between.join());
  });

  it("rejects with what is wrong with a small file, of which nothing is sent", async () => {
    const builder = newBuilder();
    const wrong = new Error("changed");
    const sending = new DiffCopy(builder).send([
      small("a", () => {
        throw wrong;
      }),
    ]);
    builder.send({ type: "request", id: 0 });
    await assert.rejects(sending, wrong);
    assert.ok(builder.received.every(({ type }) => type !== "data"));
  });

  it("rejects with what is wrong with a file, and does not end that file", async () => {
    const builder = newBuilder();
    const wrong = new Error("changed");
    const sending = new DiffCopy(builder).send([file("a", "1", wrong)]);
    builder.send({ type: "request", id: 0 });
    await assert.rejects(sending, wrong);
    assert.ok(!builder.hasEnded(0));
    builder.destroy();
  });

  it("is over when the builder goes, gives up or is told to", async () => {
    const over: readonly ((builder: Builder) => void)[] = [
      (builder) => builder.destroy(),
      (builder) => builder.push(null),
      (builder) => {
        builder.send({ type: "error", message: "no space left" });
      },
    ];
    for (const end of over) {
      const builder = newBuilder();
      const sending = new DiffCopy(builder).send([file("a", "1")]);
      await builder.got(listEnd);
      end(builder);
      await sending;
    }
    const gone = newBuilder();
    const copy = new DiffCopy(gone);
    gone.destroy();
    await setTimeout(1);
    await copy.send([file("a", "1")]);
    assert.deepEqual(gone.received, []);
  });

  it("rejects what no builder sends", async () => {
    const wrong: readonly Packet[] = [{ type: "request", id: 1 }, { type: "request", id: 7 }, { type: "stat" }];
    for (const packet of wrong) {
      const builder = newBuilder();
      const sending = new DiffCopy(builder).send([file("a", "1"), entry("folder")]);
      builder.send(packet);
      await assert.rejects(sending, /the builder/);
      builder.destroy();
    }
  });
});
