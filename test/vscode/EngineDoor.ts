import { createServer, type Server } from "node:net";

/** A socket behind which there is no engine: counts who comes. */
export class EngineDoor {
  #knocks = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((client) => {
      this.#knocks++;
      client.destroy();
    });
  }

  static async listen(socket: string): Promise<EngineDoor> {
    const door = new EngineDoor();
    await new Promise<void>((resolve, reject) => {
      door.#server.once("error", reject).listen(socket, resolve);
    });
    return door;
  }

  get knocks(): number {
    return this.#knocks;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
