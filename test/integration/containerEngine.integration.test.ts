import { statSync } from "node:fs";
import { describeContainerEngine } from "../conformance/describeContainerEngine";
import { testEngines } from "./testEngines";

/** Nobody in particular: an engine with root's rights must be able to make anyone's files. */
const ANYONE = { uid: 1234, gid: 1235 };

for (const { name, address, connect } of testEngines()) {
  describeContainerEngine({
    name,
    connect,
    // An ordinary user's engine can make that user's files only; whoever asks it is that user, the tests' root is not.
    caller: ({ rootless }) => (rootless ? statSync(address.replace(/^unix:\/\//, "")) : ANYONE),
  });
}
