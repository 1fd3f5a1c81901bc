import type { handleUnaryCall } from "@grpc/grpc-js";
import { unaryMethod, type SessionService } from "./SessionService";

/**
 * moby.filesync.v1.Auth for a client without credentials (session/auth of moby/buildkit): an answer without a user name
 * makes the builder ask the registry for an anonymous token.
 */
export function anonymousAuthService(): SessionService {
  const credentials: handleUnaryCall<Buffer, Buffer> = (_call, answer) => {
    answer(null, Buffer.alloc(0));
  };
  return {
    definition: { credentials: unaryMethod("/moby.filesync.v1.Auth/Credentials") },
    implementation: { credentials },
  };
}
