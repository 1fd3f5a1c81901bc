import assert from "node:assert/strict";
import type { ServerInterceptingCallInterface } from "@grpc/grpc-js";
import { EagerCall } from "./EagerCall";

/** The rest of gRPC's server, which says that a message is written only when it is told to. */
class Connection {
  readonly messages: unknown[] = [];
  private readonly unwritten: (() => void)[] = [];

  sendMetadata(): void {
    // Goes out with the first message.
  }

  sendMessage(message: unknown, written: () => void): void {
    this.messages.push(message);
    this.unwritten.push(written);
  }

  write(count: number): void {
    this.unwritten.splice(0, count).forEach((written) => {
      written();
    });
  }
}

describe("EagerCall", () => {
  const open = (): { readonly connection: Connection; readonly call: EagerCall } => {
    const connection = new Connection();
    return { connection, call: new EagerCall(connection as unknown as ServerInterceptingCallInterface) };
  };

  it("takes small messages before the ones before them are written, in order", () => {
    const { connection, call } = open();
    let taken = 0;
    const messages = Array.from({ length: 100 }, (_, index) => Buffer.from(String(index)));
    for (const message of messages) {
      call.sendMessage(message, () => {
        taken++;
      });
    }
    assert.equal(taken, 100);
    assert.deepEqual(connection.messages, messages);
  });

  it("takes no more than some bytes until they are written", () => {
    const { connection, call } = open();
    let taken = 0;
    const message = Buffer.alloc(1 << 16);
    for (let sent = 0; sent === taken && sent < 100; sent++) {
      call.sendMessage(message, () => {
        taken++;
      });
    }
    assert.equal(taken, 3);
    connection.write(1);
    assert.equal(taken, 3);
    connection.write(2);
    assert.equal(taken, 4);
  });

  it("counts empty messages, too", () => {
    const { connection, call } = open();
    let sent = 0;
    for (let taken = 0; sent === taken && sent < 100_000; sent++) {
      call.sendMessage(Buffer.alloc(0), () => {
        taken++;
      });
    }
    assert.ok(sent < 10_000, String(sent));
    assert.equal(connection.messages.length, sent);
  });
});
