import assert from "node:assert/strict";
import { listStages } from "../dockerfile/listStages";
import { parseDockerfile } from "../dockerfile/parseDockerfile";
import { reachableStages } from "../dockerfile/reachableStages";
import { addNetwork } from "../network/addNetwork";
import { StepTranslator } from "./StepTranslator";

const DOCKERFILE = `ARG V=1
FROM busybox AS one
RUN echo one
FROM busybox AS two
RUN echo two
FROM one
RUN echo three
CMD x
`;

describe("StepTranslator, of Docker's classic builder", () => {
  const syntax = parseDockerfile(DOCKERFILE);
  const translatorFor = (target: string | undefined, rewritten: boolean): StepTranslator => {
    const stages = reachableStages(listStages(syntax, {}), target);
    const places = { instructions: syntax.instructions, stages };
    if (!rewritten) {
      return new StepTranslator(places, undefined);
    }
    const content = Buffer.from(DOCKERFILE);
    return new StepTranslator(
      places,
      addNetwork({
        ...{ content, syntax, stages, certificates: false },
        ...{ digestOf: () => "d", inheritedBy: () => new Set<string>() },
      }),
    );
  };

  it("leaves out the labels of the image, which are in no Dockerfile", () => {
    const translator = translatorFor(undefined, false);
    assert.equal(translator.stepName("Step 7/9 : RUN echo three"), "Step 7/8 : RUN echo three");
    assert.equal(translatorFor("two", false).stepName("Step 5/6 : RUN echo two"), "Step 5/5 : RUN echo two");
  });

  it("leaves out the instructions that are Slipway's", () => {
    const translator = translatorFor(undefined, true);
    // The stages that are reached, "one" and the last, begin with an ARG more.
    assert.deepEqual(
      [
        "Step 1/11 : ARG V=1",
        "Step 2/11 : FROM busybox AS one",
        "Step 3/11 : ARG SLIPWAY_NETWORK=d",
        "Step 4/11 : RUN echo one",
        "Step 6/11 : RUN echo two",
        "Step 7/11 : FROM one",
        "Step 8/11 : ARG SLIPWAY_NETWORK=d",
        "Step 9/11 : RUN echo three",
        "Step 10/11 : CMD x",
      ].map((name) => translator.stepName(name)),
      [
        "Step 1/8 : ARG V=1",
        "Step 2/8 : FROM busybox AS one",
        undefined,
        "Step 3/8 : RUN echo one",
        "Step 5/8 : RUN echo two",
        "Step 6/8 : FROM one",
        undefined,
        "Step 7/8 : RUN echo three",
        "Step 8/8 : CMD x",
      ],
    );
  });
});
