import type { EndpointEnvironment } from "../discovery/EndpointEnvironment";

/** What builds look at of this machine. */
export type BuildEnvironment = Pick<EndpointEnvironment, "platform" | "env" | "temporaryFolder" | "isProgram">;
