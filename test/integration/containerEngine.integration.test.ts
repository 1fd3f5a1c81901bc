import { statSync } from "node:fs";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import { EngineConnection } from "../../src/engine/EngineConnection";
import { describeContainerEngine } from "../conformance/describeContainerEngine";
import { testEngines } from "./testEngines";

/** What Slipway itself never asks for. */
async function ask({ endpoint: { address } }: ContainerEngine, path: string): Promise<void> {
  const connection = new EngineConnection(address);
  await connection.text({ method: "POST", path, during: path });
  await connection.close();
}

/** Nobody in particular: an engine with root's rights must be able to make anyone's files. */
const ANYONE = { uid: 1234, gid: 1235 };

for (const { name, address, connect } of testEngines()) {
  describeContainerEngine({
    name,
    connect,
    pause: async (engine, id) => ask(engine, `/containers/${id}/pause`),
    // An ordinary user's engine can make that user's files only; whoever asks it is that user, the tests' root is not.
    caller: ({ rootless }) => (rootless ? statSync(address.replace(/^unix:\/\//, "")) : ANYONE),
  });
}
