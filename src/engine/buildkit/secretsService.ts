import { status, type handleUnaryCall } from "@grpc/grpc-js";
import { Field, Type } from "protobufjs/light";
import { unaryMethod, type SessionService } from "./SessionService";
import { textMessage } from "./textMessage";

const request = textMessage(["id"]);
const response = new Type("GetSecretResponse").add(new Field("data", 1, "bytes"));

/** moby.buildkit.secrets.v1.Secrets (session/secrets of moby/buildkit): what `RUN --mount=type=secret` mounts, by its ID. */
export function secretsService(secrets: ReadonlyMap<string, Uint8Array>): SessionService {
  const getSecret: handleUnaryCall<Buffer, Buffer> = (call, answer) => {
    const { id } = request.decode(call.request);
    const data = secrets.get(id);
    if (data === undefined) {
      answer({ code: status.NOT_FOUND, details: `there is no secret ${id}` });
    } else {
      answer(null, Buffer.from(response.encode({ data }).finish()));
    }
  };
  return {
    definition: { getSecret: unaryMethod("/moby.buildkit.secrets.v1.Secrets/GetSecret") },
    implementation: { getSecret },
  };
}
