import assert from "node:assert/strict";
import { listStages } from "../dockerfile/listStages";
import { parseDockerfile } from "../dockerfile/parseDockerfile";
import { locateStep } from "./locateStep";

const syntax = parseDockerfile(`# syntax=docker/dockerfile:1
ARG V=20
FROM node:$V AS build
WORKDIR /app
COPY package.json ./
run   npm ci \\
  --omit=dev
COPY . .
RUN npm test
RUN echo twice
FROM alpine:3
RUN echo twice
HEALTHCHECK CMD true
`);

const places = { instructions: syntax.instructions, stages: listStages(syntax, {}) };

describe("locateStep", () => {
  for (const [step, line] of [
    ["[build 3/6] COPY package.json ./", 5],
    ["[4/6] RUN npm ci   --omit=dev", 6],
    ["[linux/amd64 build 5/6] COPY . .", 8],
    ["[stage-1 1/2] HEALTHCHECK CMD true", 13],
    ["STEP 4/6: RUN npm ci   --omit=dev", 6],
    ["[1/2] STEP 5/6: COPY . .", 8],
    ["[1/2] STEP 6/6: RUN npm test", 9],
    ["RUN npm test", 9],
    ["[2/2] STEP 2/3: healthcheck CMD true", 13],
    ["Step 5/12 : RUN npm ci   --omit=dev", 6],
    ["Step 8/12 : RUN echo twice", 10],
    ["Step 10/12 : RUN echo twice", 12],
    ["Step 1/12 : ARG V=20", 2],
    // By their positions: the instruction is there twice, or its variables are replaced.
    ["[build 7/7] RUN echo twice", 10],
    ["[stage-1 2/2] RUN echo twice", 12],
    ["[build 3/7] COPY a b", 5],
    ["[2/2] STEP 2/3: RUN echo twice", 12],
    ["[build 1/7] FROM docker.io/library/node:20", 3],
  ] as const) {
    it(`finds "${step}"`, () => {
      assert.equal(locateStep(step, places)?.startLine, line);
    });
  }

  it("finds the only instruction of its kind although variables were replaced in the name", () => {
    assert.equal(locateStep("[build 2/6] WORKDIR /other", places)?.startLine, 4);
  });

  for (const [what, step] of [
    ["an instruction that is there twice", "[2/2] RUN echo twice"],
    ["one that is there twice after steps of ONBUILD", "[stage-1 3/3] RUN echo twice"],
    ["one of several of its kind, with variables replaced, after steps of ONBUILD", "[build 4/8] COPY a b"],
    ["a step that is no instruction", "[internal] load metadata for docker.io/library/node:20"],
    ["a step that exports the image", "exporting to image"],
    ["no name", ""],
    ["only a heading", "[1/2] STEP 1/2: "],
  ] as const) {
    it(`does not guess for ${what}`, () => {
      assert.equal(locateStep(step, places)?.startLine, undefined);
    });
  }

  it("finds nothing in an empty Dockerfile", () => {
    assert.equal(locateStep("[1/1] RUN x", { instructions: [], stages: [] }), undefined);
  });
});
