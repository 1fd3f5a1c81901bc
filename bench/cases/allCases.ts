import type { BenchCase } from "../BenchCase";
import { COPY_ALL, SOME, STAGES } from "../dockerfiles";
import { LARGE, SMALL } from "../makeContext";
import { fileChanged } from "./fileChanged";
import { firstBuild } from "./firstBuild";
import { NO_CACHE } from "./noCache";
import { NOTHING_CHANGED } from "./nothingChanged";
import { SCALING } from "./scaling";

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
];
