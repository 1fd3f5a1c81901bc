import { Agent, get } from "node:http";

/** Whether something answers HTTP behind a socket. Rejects when the connection is closed instead, or when aborted. */
export async function pingEngine(socketPath: string, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const outgoing = get({ socketPath, path: "/_ping", agent: new Agent({ keepAlive: false }), signal }, (response) => {
      response.destroy();
      resolve();
    });
    outgoing.on("error", reject);
  });
}
