import type { FakeProgram } from "./FakeProgram";

export interface FakeEngineOptions {
  /** References of images that are there from the beginning. */
  readonly images?: readonly string[];
  /** References that can be pulled. */
  readonly registry?: readonly string[];
  /** Registries (the part before the first "/") that want a login. */
  readonly closedRegistries?: readonly string[];
  /** By the JSON of their argv. */
  readonly programs?: Readonly<Record<string, FakeProgram>>;
  /** Host ports that other programs have. */
  readonly portsInUse?: readonly number[];
  /** Refuses bind mounts of what is not there, as real engines do. Most tests mount workspaces that are nowhere. */
  readonly checksBindSources?: boolean;
  /** What it refuses of builds, by the names that slipway.json has below "build": "ssh". */
  readonly refusesBuildOptions?: readonly ("secrets" | "ssh" | "cacheTo")[];
}
