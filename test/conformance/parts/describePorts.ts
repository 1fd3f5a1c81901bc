import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { get } from "node:http";
import { setTimeout } from "node:timers/promises";
import { ContainerStartError } from "../../../src/core/errors/containerErrors";
import type { ConformanceFixture } from "../ConformanceFixture";
import { BASIC } from "../programs/basicPrograms";
import { MOUNT } from "../programs/mountPrograms";

const LOOPBACK = "127.0.0.1";

export function describePorts(fixture: ConformanceFixture): void {
  describe("ports", () => {
    const port = { containerPort: 8000, protocol: "tcp", hostIp: LOOPBACK, hostPort: undefined } as const;

    it("are bound to a free one on the loopback address, told, and reached there", async () => {
      const id = await fixture.start({ program: MOUNT.serve, ports: [port] });
      const [binding, ...more] = (await fixture.engine.inspectContainer(id))?.ports ?? [];
      assert.deepEqual(more, []);
      assert.deepEqual(
        [binding?.containerPort, binding?.protocol, binding?.hostIp],
        [port.containerPort, "tcp", LOOPBACK],
      );
      assert.match(await fetchText(binding?.hostPort ?? 0), /^root:/);
      const [listed] = await fixture.engine.listContainers({ labels: fixture.labels, ids: [id] });
      assert.deepEqual(listed?.ports, [binding]);
    });

    it("cannot be bound twice", async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
      try {
        const hostPort = fixture.subject.portInUse ?? (server.address() as AddressInfo).port;
        const id = await fixture.create({ program: BASIC.sleep, ports: [{ ...port, hostPort }] });
        await assert.rejects(fixture.engine.startContainer(id), ContainerStartError);
      } finally {
        server.close();
      }
    });
  });
}

/** The server in the container is started, which does not mean that it listens already. */
async function fetchText(port: number): Promise<string> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      return await new Promise<string>((resolve, reject) => {
        const request = get({ host: LOOPBACK, port, path: "/passwd", agent: false }, (response) => {
          response.setEncoding("utf8");
          let text = "";
          response.on("data", (part: string) => {
            text += part;
          });
          response.on("end", () => {
            resolve(text);
          });
          response.on("error", reject);
        });
        request.on("error", reject);
      });
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await setTimeout(50);
    }
  }
}
