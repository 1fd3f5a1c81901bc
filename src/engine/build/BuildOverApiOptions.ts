import type { BuildImageOptions } from "../../core/ports/ContainerEngine";
import type { EngineConnection } from "../EngineConnection";
import type { RegistryCredentials } from "../credentials/RegistryCredentials";
import type { BuildEnvironment } from "./BuildEnvironment";
import type { Builder } from "./chooseBuilder";

export interface BuildOverApiOptions extends BuildImageOptions {
  readonly connection: EngineConnection;
  readonly builder: Builder;
  /** The engine's: "4.3.1". */
  readonly version: string;
  /** Names this build on this machine. */
  readonly buildId: string;
  readonly environment: BuildEnvironment;
  /** Without them, registries are asked anonymously. */
  readonly credentials?: RegistryCredentials | undefined;
}
