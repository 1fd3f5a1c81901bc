import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { EngineInfo } from "../../src/core/ports/EngineInfo";

export interface ConformanceSubject {
  readonly name: string;
  readonly connect: () => ContainerEngine;
  /** A port that the engine sees as taken; the suite takes a real one where this is absent. */
  readonly portInUse?: number;
  /** Stops all of a container's programs in the middle of what they do. */
  readonly pause: (engine: ContainerEngine, id: string) => Promise<void>;
  /** The user whose files those in a bind mount are to be, as far as the engine can make files of others. */
  readonly caller: (info: EngineInfo) => { readonly uid: number; readonly gid: number };
}
