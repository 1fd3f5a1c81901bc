import { createServer } from "node:net";
import type { PortRequest } from "../ports/ContainerTypes";

/** The first of `ports` that asks for a host port which another program has, found by trying to listen there. */
export async function findPortInUse(
  ports: readonly PortRequest[],
): Promise<{ readonly hostIp: string; readonly hostPort: number } | undefined> {
  for (const { protocol, hostIp, hostPort } of ports) {
    if (protocol === "tcp" && hostPort !== undefined && (await isInUse(hostIp, hostPort))) {
      return { hostIp, hostPort };
    }
  }
  return undefined;
}

async function isInUse(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "EADDRINUSE");
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(false);
      });
    });
  });
}
