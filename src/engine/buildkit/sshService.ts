import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { status, type handleBidiStreamingCall, type handleUnaryCall, type ServerDuplexStream } from "@grpc/grpc-js";
import { Field, Type } from "protobufjs/light";
import { z } from "zod";
import { messageOf } from "../../core/errors/ExpectedError";
import { drained } from "../../core/drained";
import { agentMessages, typeOfMessage } from "./agentMessages";
import { streamMethod, unaryMethod, type SessionService } from "./SessionService";
import { textMessage } from "./textMessage";

const checkRequest = textMessage(["id"]);
const bytesType = new Type("BytesMessage").add(new Field("data", 1, "bytes"));
const bytesShape = z.object({ data: z.instanceof(Uint8Array) });
/** Names the agent in a call's metadata. */
const ID_KEY = "buildkit.ssh.id";
const DEFAULT_ID = "default";
const CONNECT_MS = 5_000;

/** SSH_AGENTC_REQUEST_IDENTITIES and SSH_AGENTC_SIGN_REQUEST: a build uses keys, and neither adds, removes nor locks any. */
const ALLOWED: ReadonlySet<number | undefined> = new Set([11, 13]);
/** SSH_AGENT_FAILURE. */
const REFUSAL = Buffer.from([0, 0, 0, 1, 5]);

/**
 * moby.sshforward.v1.SSH (session/sshforward of moby/buildkit): what `RUN --mount=type=ssh` mounts is a socket of the
 * builder's, each connection to which comes here and goes on to an agent. As the docker CLI's, it lets a build list keys and
 * sign with them, nothing else.
 *
 * @param sockets of agents, by the IDs that mounts have
 */
export function sshService(sockets: ReadonlyMap<string, string>): SessionService {
  const checkAgent: handleUnaryCall<Buffer, Buffer> = (call, answer) => {
    const id = checkRequest.decode(call.request).id || DEFAULT_ID;
    open(id).then(
      (socket) => {
        socket.destroy();
        answer(null, Buffer.alloc(0));
      },
      (error: unknown) => {
        answer({ code: status.FAILED_PRECONDITION, details: messageOf(error) });
      },
    );
  };
  const forwardAgent: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
    const id = call.metadata.get(ID_KEY)[0]?.toString() ?? DEFAULT_ID;
    open(id)
      .then(async (socket) => forward(call, socket))
      .then(
        () => {
          call.end();
        },
        (error: unknown) => {
          if (!call.cancelled) {
            call.emit("error", { code: status.ABORTED, details: messageOf(error) });
          }
        },
      );
  };
  return {
    definition: {
      checkAgent: unaryMethod("/moby.sshforward.v1.SSH/CheckAgent"),
      forwardAgent: streamMethod("/moby.sshforward.v1.SSH/ForwardAgent"),
    },
    implementation: { checkAgent, forwardAgent },
  };

  async function open(id: string): Promise<Socket> {
    const path = sockets.get(id);
    if (path === undefined) {
      throw new Error(`no SSH agent "${id}" is given to this build (build.ssh in slipway.json)`);
    }
    try {
      return await connectAgent(path);
    } catch (error) {
      throw new Error(`the SSH agent "${id}" does not answer at ${path} (${messageOf(error)})`, { cause: error });
    }
  }
}

/** A connection to an agent, which the caller destroys. Rejects when nobody takes it within some seconds. */
export async function connectAgent(path: string, signal?: AbortSignal): Promise<Socket> {
  const socket = connect({ path });
  const overdue = AbortSignal.timeout(CONNECT_MS);
  try {
    await once(socket, "connect", { signal: signal === undefined ? overdue : AbortSignal.any([signal, overdue]) });
  } catch (error) {
    socket.destroy();
    signal?.throwIfAborted();
    throw overdue.aborted ? new Error(`no answer within ${String(CONNECT_MS / 1000)} s`, { cause: error }) : error;
  }
  return socket;
}

/** One request after the other, so that a refusal comes in its turn, and neither side can fill the memory. */
async function forward(call: ServerDuplexStream<Buffer, Buffer>, socket: Socket): Promise<void> {
  const end = (): void => {
    socket.destroy();
  };
  // What the agent's own failure means is seen when the next answer does not come.
  socket.on("error", () => undefined);
  call.once("cancelled", end);
  call.once("close", end);
  if (call.cancelled) {
    // Meanwhile, before anybody listened.
    end();
  }
  const answers = agentMessages(socket as AsyncIterable<Uint8Array>);
  try {
    for await (const request of agentMessages(dataOf(call))) {
      const answer = ALLOWED.has(typeOfMessage(request)) ? await ask(socket, request, answers) : REFUSAL;
      if (answer === undefined || call.cancelled) {
        return;
      }
      if (!call.write(Buffer.from(bytesType.encode({ data: answer }).finish()))) {
        await drained(call);
      }
    }
  } finally {
    call.off("cancelled", end);
    call.off("close", end);
    socket.destroy();
  }
}

/** @returns undefined when the agent has closed the connection. */
async function ask(socket: Socket, request: Buffer, answers: AsyncGenerator<Buffer>): Promise<Buffer | undefined> {
  socket.write(request);
  const answer: IteratorResult<Buffer, unknown> = await answers.next();
  return answer.done === true ? undefined : answer.value;
}

async function* dataOf(call: ServerDuplexStream<Buffer, Buffer>): AsyncGenerator<Uint8Array> {
  // Answers still go out on the same stream when no more requests are read.
  for await (const message of call.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    yield bytesShape.parse(bytesType.toObject(bytesType.decode(message), { defaults: true })).data;
  }
}
