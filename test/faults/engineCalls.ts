import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { ContainerSpec, ExecSpec } from "../../src/core/ports/ContainerTypes";
import type { EngineKind } from "../../src/core/ports/EngineInfo";
import { collect } from "../conformance/collect";
import { tarOf } from "../conformance/tarOf";
import type { Fault } from "./faultTable";
import type { PeerRoutes } from "./FaultyPeer";
import { untilClosed, upgraded, frame } from "./peerAnswers";
import { CONTAINER, containerJson, EXEC_ID } from "./soundPeer";

type Method = Exclude<keyof ContainerEngine, "endpoint" | "close">;
type Run = (engine: ContainerEngine, signal: AbortSignal) => Promise<unknown>;
type Accepts = (fault: Fault, value: unknown) => boolean;

/** One of a method's requests, at which a fault can be. */
export interface EngineCall {
  readonly method: Method;
  readonly route: string;
  readonly run: Run;
  /** Where the two kinds of engines are asked in different ways. */
  readonly only?: EngineKind;
  /** How long it takes is for the caller to decide: there is no deadline. */
  readonly endless?: boolean;
  /** Which values are right in spite of a fault at this request; none where absent. */
  readonly accepts?: Accepts;
  /** It sees that the beginning is none of an answer before it sees that the rest is missing. */
  readonly noticesForm?: boolean;
  /** Differs from soundPeer. */
  readonly routes?: PeerRoutes;
}

const SPEC: ContainerSpec = {
  ...{ image: "busybox", name: CONTAINER, command: ["true"], workingDirectory: undefined },
  ...{ env: {}, labels: {}, mounts: [], ports: [] },
};
const EXEC: ExecSpec = {
  ...{ command: ["true"], env: {}, workingDirectory: undefined, user: undefined, tty: false, stdin: false },
};
const labels = {};
const grace = { graceSeconds: 0 };
const INSPECT = "GET /containers/c/json";
const START_EXEC = `POST /exec/${EXEC_ID}/start`;
const INSPECT_EXEC = `GET /exec/${EXEC_ID}/json`;

const onStatus =
  (answers: Readonly<Record<number, unknown>>): Accepts =>
  ({ status }, value) =>
    status !== undefined && Object.hasOwn(answers, status) && answers[status] === value;
/** What has no value to give cannot give a wrong one: a status of success is one. */
const done: Accepts = ({ kind }, value) => kind === "unreadable" && value === undefined;
const either =
  (...all: readonly Accepts[]): Accepts =>
  (fault, value) =>
    all.some((accepts) => accepts(fault, value));
/** Whoever reads what a program writes asks afterwards how it ended, so that a broken stream may just end. */
const endsAndTells: Accepts = ({ kind }, value) => kind !== "refusal" && value === 5;
/** Less than the head of a frame. */
const nothing: Accepts = ({ kind, name }, value) =>
  kind === "unreadable" && /^(nothing|a number|null)/.test(name) && Array.isArray(value) && value.length === 0;

/** An engine that has no sessions is asked for a build without one. */
const withoutSession: Accepts = ({ status }, value) =>
  [404, 405, 501].includes(status ?? 0) && Array.isArray(value) && JSON.stringify(value).includes("no BuildKit");

const build: Run = async (engine, signal) =>
  collect(
    engine.buildImage({
      context: {
        root: "/nowhere",
        entries: [],
        dockerfile: { pathInContext: undefined, content: Buffer.from("FROM busybox\n") },
      },
      ...{ tags: [], labels, args: {}, signal },
    }),
  );
const attach: Run = async (engine, signal) => {
  await collect(await engine.attachContainer(CONTAINER, { signal }));
  return engine.waitForExit(CONTAINER, { signal });
};
const attachTerminal: Run = async (engine, signal) => {
  const running = await engine.attachTerminal(CONTAINER, { signal });
  try {
    await collect(running.output);
    return await running.exitCode({ signal });
  } finally {
    running.close();
  }
};
const exec =
  (spec: ExecSpec): Run =>
  async (engine, signal) => {
    const running = await engine.exec(CONTAINER, spec, { signal });
    try {
      await collect(running.output);
      return await running.exitCode({ signal });
    } finally {
      running.close();
    }
  };
const ended: PeerRoutes = { [INSPECT]: containerJson(false) };
const terminal: PeerRoutes = { ...ended, "POST /containers/c/attach": upgraded([frame("stdout", "hello\n")], "end") };
const withStdin = { ...EXEC, stdin: true };
const hijacked: PeerRoutes = { [START_EXEC]: upgraded([frame("stdout", "hello\n")], "end") };

/** Every request of every method. */
export const engineCalls: readonly EngineCall[] = [
  {
    ...{ method: "info", route: "GET /info", run: async (engine, signal) => engine.info({ signal }) },
    // None of what Slipway asks of it is said by every engine.
    accepts: ({ name }) => name === "an object of another form",
  },
  {
    ...{ method: "inspectImage", route: "GET /images/busybox/json" },
    run: async (engine, signal) => engine.inspectImage("busybox", { signal }),
    accepts: onStatus({ 404: undefined }),
  },
  {
    ...{ method: "listImages", route: "GET /images/json" },
    run: async (engine, signal) => engine.listImages({ labels, signal }),
  },
  ...["POST /images/create", "GET /images/busybox/json"].map((route): EngineCall => ({
    ...{ method: "pullImage", route, endless: route.startsWith("POST") },
    run: async (engine, signal) => collect(engine.pullImage({ reference: "busybox", signal })),
  })),
  {
    ...{ method: "pushImage", route: "POST /images/r.invalid/busybox/push", endless: true },
    run: async (engine, signal) => collect(engine.pushImage({ reference: "r.invalid/busybox", signal })),
  },
  {
    ...{ method: "tagImage", route: "POST /images/busybox/tag", accepts: done },
    run: async (engine, signal) => engine.tagImage("busybox", "b:1", { signal }),
  },
  {
    ...{ method: "removeImage", route: "DELETE /images/busybox" },
    run: async (engine, signal) => engine.removeImage("busybox", { signal }),
    // An engine with the image that says 500 of it has it in use: that is how Podman 4 says so.
    accepts: either(onStatus({ 404: "not-found", 409: "in-use", 500: "in-use" }), saysRemoved),
  },
  { method: "buildImage", route: "POST /session", run: build, only: "docker", accepts: withoutSession },
  { method: "buildImage", route: "POST /build", run: build, endless: true },
  {
    ...{ method: "createContainer", route: "POST /containers/create" },
    run: async (engine, signal) => engine.createContainer(SPEC, { signal }),
  },
  { method: "attachContainer", route: INSPECT, run: attach },
  {
    ...{ method: "attachContainer", route: "POST /containers/c/attach", run: attach, routes: ended },
    ...{ accepts: endsAndTells, noticesForm: true },
  },
  { method: "attachTerminal", route: INSPECT, run: attachTerminal },
  { method: "attachTerminal", route: "POST /containers/c/attach", run: attachTerminal, routes: terminal },
  {
    ...{ method: "startContainer", route: "POST /containers/c/start", accepts: done },
    run: async (engine, signal) => engine.startContainer(CONTAINER, { signal }),
  },
  ...["POST /containers/c/wait", INSPECT].map((route): EngineCall => ({
    ...{ method: "waitForExit", route, endless: route.startsWith("POST"), routes: ended },
    run: async (engine, signal) => engine.waitForExit(CONTAINER, { signal }),
    // Whatever it answers: only what inspect says is believed.
    accepts: ({ kind }, value) => route.startsWith("POST") && kind === "unreadable" && value === 5,
  })),
  {
    ...{ method: "stopContainer", route: "POST /containers/c/stop", accepts: done },
    run: async (engine, signal) => engine.stopContainer(CONTAINER, { ...grace, signal }),
  },
  {
    ...{ method: "restartContainer", route: "POST /containers/c/restart", accepts: done },
    run: async (engine, signal) => engine.restartContainer(CONTAINER, { ...grace, signal }),
  },
  {
    ...{ method: "killContainer", route: "POST /containers/c/kill", accepts: done },
    run: async (engine, signal) => engine.killContainer(CONTAINER, { unixSignal: "SIGINT", signal }),
  },
  {
    ...{ method: "removeContainer", route: "DELETE /containers/c" },
    run: async (engine, signal) => engine.removeContainer(CONTAINER, { signal }),
    accepts: either(done, onStatus({ 404: undefined })),
  },
  {
    ...{ method: "removeContainer", route: "POST /containers/c/kill", only: "podman" },
    run: async (engine, signal) => engine.removeContainer(CONTAINER, { signal }),
    // Only a courtesy to Podman; what counts comes after it.
    accepts: ({ kind }, value) => (kind === "unreadable" || kind === "refusal") && value === undefined,
  },
  {
    ...{ method: "inspectContainer", route: INSPECT, accepts: onStatus({ 404: undefined }) },
    run: async (engine, signal) => engine.inspectContainer(CONTAINER, { signal }),
  },
  {
    ...{ method: "listContainers", route: "GET /containers/json" },
    run: async (engine, signal) => engine.listContainers({ labels, signal }),
  },
  {
    ...{ method: "containerLogs", route: "GET /containers/c/logs", accepts: nothing },
    run: async (engine, signal) => collect(engine.containerLogs(CONTAINER, { follow: false, signal })),
    noticesForm: true,
  },
  {
    ...{ method: "containerLogs", route: "GET /containers/c/logs", endless: true, accepts: nothing, noticesForm: true },
    run: async (engine, signal) => collect(engine.containerLogs(CONTAINER, { follow: true, signal })),
    only: "docker",
  },
  {
    // Read again and again, which has a deadline.
    ...{ method: "containerLogs", route: "GET /containers/c/logs", accepts: nothing, noticesForm: true },
    run: async (engine, signal) => collect(engine.containerLogs(CONTAINER, { follow: true, signal })),
    only: "podman",
  },
  {
    ...{ method: "containerLogs", route: INSPECT },
    run: async (engine, signal) => collect(engine.containerLogs(CONTAINER, { follow: true, signal })),
  },
  ...["GET /containers/c/stats", INSPECT].map((route): EngineCall => ({
    ...{ method: "containerStats", route },
    run: async (engine, signal) => collect(engine.containerStats(CONTAINER, { signal })),
    // Of a container that ends in between engines answer something else, each in its own way.
    accepts: ({ kind }, value) =>
      route.includes("stats") && kind === "unreadable" && Array.isArray(value) && value.length === 0,
  })),
  ...["POST /containers/c/exec", START_EXEC, INSPECT_EXEC].flatMap((route): readonly EngineCall[] => [
    {
      method: "exec",
      route,
      run: exec(EXEC),
      ...(route === START_EXEC ? { accepts: endsAndTells, noticesForm: true } : {}),
    },
    { method: "exec", route, run: exec(withStdin), routes: hijacked },
  ]),
  ...["HEAD /containers/c/archive", "PUT /containers/c/archive"].map((route): EngineCall => ({
    ...{ method: "copyTo", route, noticesForm: route.startsWith("HEAD") },
    run: async (engine, signal) => engine.copyTo(CONTAINER, "/w", tarOf([]), { signal }),
    ...(route.startsWith("PUT") ? { accepts: done } : {}),
  })),
  {
    ...{ method: "copyFrom", route: "GET /containers/c/archive" },
    run: async (engine, signal) => collect(engine.copyFrom(CONTAINER, "/w", { signal })),
  },
  {
    ...{
      method: "statPath",
      route: "HEAD /containers/c/archive",
      noticesForm: true,
      accepts: onStatus({ 404: undefined }),
    },
    run: async (engine, signal) => engine.statPath(CONTAINER, "/w", { signal }),
  },
  {
    ...{ method: "listVolumes", route: "GET /volumes" },
    run: async (engine, signal) => engine.listVolumes({ labels, signal }),
  },
  ...["GET /volumes/v", "DELETE /volumes/v"].map((route): EngineCall => ({
    ...{ method: "removeVolume", route },
    run: async (engine, signal) => engine.removeVolume("v", { signal }),
    accepts: either(onStatus({ 404: "not-found", 409: "in-use" }), saysRemoved),
  })),
  ...["GET /info", "GET /events"].map((route): EngineCall => ({
    ...{ method: "watchEvents", route },
    run: async (engine, signal) => collect(engine.watchEvents({ labels, signal })),
    // What follows is the sound peer's answer, which goes on and on.
    ...(route === "GET /info" ? { routes: { "GET /events": untilClosed([], "end") } } : {}),
  })),
];

function saysRemoved({ kind }: Fault, value: unknown): boolean {
  return kind === "unreadable" && value === "removed";
}
