import type { Bench } from "../Bench";
import type { BenchCase } from "../BenchCase";
import { COPY_ALL, STAGES } from "../dockerfiles";
import { LARGE, SMALL } from "../makeContext";
import { fileChanged } from "./fileChanged";
import { firstBuild } from "./firstBuild";

const AGAINST_DOCKER = { of: "slipway", against: "docker build" } as const;

/** Every case, in the order in which they run. */
export function allCases(bench: Bench): readonly BenchCase[] {
  return [
    fileChanged(bench, {
      name: "one-file",
      title: "one copied file changed, large",
      dockerfile: COPY_ALL,
      part: "part3",
      limits: [{ ...AGAINST_DOCKER, most: 1.0 }],
    }),
    firstBuild(bench, {
      name: "first-small",
      title: "first build, small",
      shape: SMALL,
      dockerfile: COPY_ALL,
      mostTimesDocker: 1.1,
    }),
    firstBuild(bench, {
      name: "first-large",
      title: "first build, large",
      shape: LARGE,
      dockerfile: COPY_ALL,
      mostTimesDocker: 1.2,
    }),
  ];
}
