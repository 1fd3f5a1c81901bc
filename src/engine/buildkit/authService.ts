import { status, type handleUnaryCall } from "@grpc/grpc-js";
import type { FindLoginOptions, RegistryCredentials } from "../credentials/RegistryCredentials";
import { unaryMethod, type SessionService } from "./SessionService";
import { textMessage } from "./textMessage";

const request = textMessage(["host"]);
const response = textMessage(["username", "secret"]);

/**
 * moby.filesync.v1.Auth (session/auth of moby/buildkit), as far as its method Credentials: without the others, which the
 * builder calls only where they are offered, it fetches tokens itself. An answer without a user name makes it ask the
 * registry anonymously; an identity token goes as a secret without one (docker/cli, authprovider).
 */
export function authService(credentials: RegistryCredentials, options: FindLoginOptions): SessionService {
  const answerFor = async (bytes: Uint8Array): Promise<Buffer> => {
    const { host } = request.decode(bytes);
    const login = host === "" ? undefined : await credentials.find({ registry: hostInNames(host) }, options);
    switch (login?.kind) {
      case undefined:
        return Buffer.alloc(0);
      case "password":
        return response.encode({ username: login.username, secret: login.password });
      case "identity-token":
        return response.encode({ secret: login.token });
    }
  };
  const credentialsOf: handleUnaryCall<Buffer, Buffer> = (call, answer) => {
    answerFor(call.request).then(
      (bytes) => {
        answer(null, bytes);
      },
      () => {
        answer({ code: status.ABORTED, details: "the logins could not be looked up" });
      },
    );
  };
  return {
    definition: { credentials: unaryMethod("/moby.filesync.v1.Auth/Credentials") },
    implementation: { credentials: credentialsOf },
  };
}

/** The builder asks for the host that it talks to. */
function hostInNames(host: string): string {
  return host === "registry-1.docker.io" ? "docker.io" : host;
}
