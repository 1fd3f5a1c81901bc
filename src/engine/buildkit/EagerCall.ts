import { ServerInterceptingCall } from "@grpc/grpc-js";

/** As much as this may be on its way to the connection, in bytes. */
const MOST_BYTES = 1 << 18;
/** With what gRPC and HTTP/2 put around each message. */
const MESSAGE_BYTES = 64;

/**
 * gRPC's server gives one message at a time to the connection and waits until it is written. Of tens of thousands of
 * small ones, that makes as many system calls and turns of the event loop. Here the next is given at once as long as
 * not too much waits, and the connection writes together what has come together.
 */
export class EagerCall extends ServerInterceptingCall {
  private waiting = 0;
  private held: (() => void) | undefined;

  /** The messages are bytes; see SessionService. */
  override sendMessage(message: unknown, taken: () => void): void {
    const bytes = MESSAGE_BYTES + (message instanceof Uint8Array ? message.length : 0);
    this.waiting += bytes;
    super.sendMessage(message, () => {
      this.waiting -= bytes;
      const { held } = this;
      if (held !== undefined && this.waiting < MOST_BYTES / 2) {
        this.held = undefined;
        held();
      }
    });
    if (this.waiting < MOST_BYTES) {
      taken();
    } else {
      this.held = taken;
    }
  }
}
