import type { handleUnaryCall } from "@grpc/grpc-js";
import { unaryMethod, type SessionService } from "./SessionService";

/** grpc.health.v1.HealthCheckResponse { status: SERVING }. */
const SERVING = Buffer.from([0x08, 0x01]);

/**
 * The builder asks every second or so, and ends the session of whoever does not answer within 1 s (Docker 20.10) or a
 * few: monitorHealth in session/grpc.go of moby/buildkit.
 */
export function healthService(): SessionService {
  const check: handleUnaryCall<Buffer, Buffer> = (_call, answer) => {
    answer(null, SERVING);
  };
  return { definition: { check: unaryMethod("/grpc.health.v1.Health/Check") }, implementation: { check } };
}
