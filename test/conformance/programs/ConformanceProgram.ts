import type { FakeProgram } from "../../fake/FakeProgram";

/** What the conformance suite runs: real engines run it with busybox, the fake one by the function. */
export interface ConformanceProgram {
  readonly argv: readonly string[];
  readonly fake: FakeProgram;
}

export function program(argv: readonly string[], fake: FakeProgram): ConformanceProgram {
  return { argv, fake };
}

export function shell(script: string, fake: FakeProgram): ConformanceProgram {
  return { argv: ["sh", "-c", script], fake };
}

/** The script of a RUN instruction, as builders run it. */
export function runScript(script: string, fake: FakeProgram): ConformanceProgram {
  return { argv: ["/bin/sh", "-c", script], fake };
}

/** The instruction that runs it. */
export function runLine({ argv }: ConformanceProgram): string {
  return `RUN ${argv.at(-1) ?? ""}`;
}
