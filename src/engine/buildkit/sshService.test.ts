import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  status,
  type ClientDuplexStream,
  type ServiceError,
} from "@grpc/grpc-js";
import { Field, Type } from "protobufjs/light";
import { AGENT, agentMessage, FakeSshAgent } from "../../../test/fake/FakeSshAgent";
import { until } from "../../../test/conformance/until";
import { agentMessages } from "./agentMessages";
import { sshService } from "./sshService";
import { textMessage } from "./textMessage";

const BytesMessage = new Type("BytesMessage").add(new Field("data", 1, "bytes"));
const asIs = (bytes: Buffer): Buffer => bytes;

describe("sshService", () => {
  let agent: FakeSshAgent;
  let server: Server;
  let client: Client;

  before(async () => {
    agent = await FakeSshAgent.listen();
    const { definition, implementation } = sshService(
      new Map([
        ["default", agent.socket],
        ["gone", `${agent.socket}.gone`],
      ]),
    );
    server = new Server();
    server.addService(definition, implementation);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) {
          resolve(bound);
        } else {
          reject(error);
        }
      });
    });
    client = new Client(`127.0.0.1:${String(port)}`, credentials.createInsecure());
  });
  after(async () => {
    client.close();
    server.forceShutdown();
    await agent.close();
  });
  beforeEach(() => {
    agent.asked.length = 0;
    agent.hangsUp = false;
    agent.pauseMs = 0;
  });

  const check = async (id: string): Promise<ServiceError | undefined> =>
    new Promise((resolve) => {
      const request = textMessage(["id"]).encode({ id });
      client.makeUnaryRequest("/moby.sshforward.v1.SSH/CheckAgent", asIs, asIs, request, (error) => {
        resolve(error ?? undefined);
      });
    });

  /** As the builder: one call for each connection to the socket of a mount. */
  const connect = (id?: string): ClientDuplexStream<Buffer, Buffer> => {
    const metadata = new Metadata();
    if (id !== undefined) {
      metadata.set("buildkit.ssh.id", id);
    }
    return client.makeBidiStreamRequest("/moby.sshforward.v1.SSH/ForwardAgent", asIs, asIs, metadata);
  };
  const write = (call: ClientDuplexStream<Buffer, Buffer>, ...pieces: readonly Uint8Array[]): void => {
    for (const data of pieces) {
      call.write(Buffer.from(BytesMessage.encode({ data }).finish()));
    }
  };
  async function* answersOf(call: ClientDuplexStream<Buffer, Buffer>): AsyncGenerator<Uint8Array> {
    for await (const bytes of call as AsyncIterable<Buffer>) {
      yield (BytesMessage.decode(bytes) as unknown as { readonly data: Uint8Array }).data;
    }
  }
  const read = async (call: ClientDuplexStream<Buffer, Buffer>): Promise<readonly Buffer[]> => {
    const all: Buffer[] = [];
    for await (const message of agentMessages(answersOf(call))) {
      all.push(Buffer.from(message));
    }
    return all;
  };

  it("says whether there is an agent that answers, and which one not", async () => {
    assert.equal(await check("default"), undefined);
    assert.equal(await check(""), undefined);
    const [unknown, gone] = [await check("other"), await check("gone")];
    assert.equal(unknown?.code, status.FAILED_PRECONDITION);
    assert.match(unknown.details, /"other"/);
    assert.match(gone?.details ?? "", /"gone" does not answer/);
  });

  it("lets a build list keys and sign, however its messages are cut", async () => {
    const call = connect("default");
    const bytes = Buffer.concat([agentMessage(AGENT.listKeys), agentMessage(AGENT.sign, Buffer.from("data"))]);
    write(call, bytes.subarray(0, 3), bytes.subarray(3, 9), bytes.subarray(9));
    call.end();
    assert.deepEqual(await read(call), [
      agentMessage(AGENT.keys, Buffer.from("one key")),
      agentMessage(AGENT.signature, Buffer.from("data")),
    ]);
  });

  it("takes the default agent where none is named", async () => {
    const call = connect();
    write(call, agentMessage(AGENT.listKeys));
    call.end();
    assert.equal((await read(call)).length, 1);
  });

  it("refuses all else in its turn, and the agent never hears of it", async () => {
    agent.pauseMs = 20;
    const call = connect("default");
    write(
      call,
      ...[AGENT.listKeys, AGENT.removeAll, AGENT.extension, AGENT.listKeys].map((type) => agentMessage(type)),
    );
    write(call, Buffer.alloc(4));
    call.end();
    assert.deepEqual(
      (await read(call)).map((message) => message[4]),
      [AGENT.keys, AGENT.failure, AGENT.failure, AGENT.keys, AGENT.failure],
    );
    assert.deepEqual(agent.asked, [AGENT.listKeys, AGENT.listKeys]);
  });

  it("serves many connections at the same time, each its own answers", async () => {
    agent.pauseMs = 5;
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const call = connect("default");
        const data = Buffer.concat([Buffer.from([index]), randomBytes(100_000)]);
        write(
          call,
          agentMessage(AGENT.sign, data.subarray(0, 50_000)),
          agentMessage(AGENT.sign, data.subarray(50_000)),
        );
        call.end();
        const [first, second] = await read(call);
        assert.ok(first !== undefined && second !== undefined);
        assert.deepEqual(Buffer.concat([first.subarray(5), second.subarray(5)]), data);
      }),
    );
    await until(async () => Promise.resolve(agent.connections.size === 0));
  });

  it("lets go of the agent when the builder cancels", async () => {
    const call = connect("default");
    call.on("error", () => undefined);
    write(call, agentMessage(AGENT.listKeys));
    await once(call, "data");
    assert.equal(agent.connections.size, 1);
    call.cancel();
    await until(async () => Promise.resolve(agent.connections.size === 0));
  });

  it("ends when the agent hangs up", async () => {
    agent.hangsUp = true;
    const call = connect("default");
    write(call, agentMessage(AGENT.sign));
    assert.deepEqual(await read(call).catch((error: unknown) => (error as ServiceError).code), []);
  });

  for (const [what, id, bytes] of [
    ["an agent that is not there", "gone", agentMessage(AGENT.listKeys)],
    ["an unknown one", "other", agentMessage(AGENT.listKeys)],
    ["a message that is too long", "default", Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ] as const) {
    it(`ends with an error for ${what}`, async () => {
      const call = connect(id);
      write(call, bytes);
      await assert.rejects(read(call), (error) => (error as ServiceError).code === status.ABORTED);
    });
  }
});
