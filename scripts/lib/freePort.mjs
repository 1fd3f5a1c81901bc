import { createServer } from "node:net";

const tryListen = (port) =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const found = server.address().port;
      server.close(() => resolve(found));
    });
  });

/** A free port of 127.0.0.1: the wanted one, unless that is 0 or somebody else has it by now. */
export const freePort = (wanted) => tryListen(wanted).catch(() => tryListen(0));
