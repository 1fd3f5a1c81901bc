import type { BenchCase } from "../BenchCase";
import { COPY_ALL, SOME, STAGES } from "../dockerfiles";
import { LARGE, SMALL } from "../makeContext";
import { fileChanged } from "./fileChanged";
import { firstBuild } from "./firstBuild";
import { MANY_BYTES } from "./manyBytes";
import { MANY_LINES } from "./manyLines";
import { MANY_TASKS } from "./manyTasks";
import { NO_CACHE } from "./noCache";
import { NOTHING_CHANGED } from "./nothingChanged";
import { SCALING } from "./scaling";
import { warmRun } from "./warmRun";

/** Every case, in the order in which they run. The limits are those that Slipway is held to. */
export const ALL_CASES: readonly BenchCase[] = [
  NOTHING_CHANGED,
  NO_CACHE,
  fileChanged({
    name: "one-file",
    title: "one copied file changed, large",
    dockerfile: COPY_ALL,
    part: "part3",
    builds: true,
    mostTimesRival: 1,
  }),
  fileChanged({
    name: "stages",
    title: "one copied file changed, large, several COPYs and stages",
    dockerfile: STAGES,
    part: "part3",
    builds: true,
    mostTimesRival: 1,
  }),
  fileChanged({
    name: "unselected",
    title: "a file changed that no COPY selects, large",
    dockerfile: SOME,
    part: "part7",
    builds: false,
    mostTimesRival: 0.1,
  }),
  firstBuild({
    name: "first-small",
    title: "first build, small",
    shape: SMALL,
    dockerfile: COPY_ALL,
    mostTimesRival: 1.1,
  }),
  firstBuild({
    name: "first-large",
    title: "first build, large",
    shape: LARGE,
    dockerfile: COPY_ALL,
    mostTimesRival: 1.2,
  }),
  SCALING,
  warmRun({
    name: "warm-small",
    title: "Build & Run of true, nothing changed, warm, small",
    shape: SMALL,
    rounds: 9,
    mostTimesBuildAndRun: 0.2,
    mostTimesExec: 1.5,
    mostTimesDevcontainer: 0.15,
  }),
  warmRun({
    name: "warm-large",
    title: "Build & Run of true, nothing changed, warm, large",
    shape: LARGE,
    rounds: 7,
    mostTimesBuildAndRun: 0.25,
  }),
  MANY_BYTES,
  MANY_LINES,
  MANY_TASKS,
];
