import type { FakeProgram } from "../fake/FakeProgram";
import { BASIC } from "./programs/basicPrograms";
import { BUILD } from "./programs/buildPrograms";
import { CONTAINER } from "./programs/containerPrograms";
import { FILE } from "./programs/filePrograms";
import { MOUNT } from "./programs/mountPrograms";
import { STREAM } from "./programs/streamPrograms";

/** Everything that the conformance suite runs but what is missing, for the fake engine's options. */
export const conformancePrograms: Readonly<Record<string, FakeProgram>> = Object.fromEntries(
  [BASIC, BUILD, CONTAINER, FILE, MOUNT, STREAM]
    .flatMap((programs) => Object.values(programs))
    .filter(({ argv }) => argv !== BASIC.missing.argv)
    .map(({ argv, fake }) => [JSON.stringify(argv), fake]),
);
