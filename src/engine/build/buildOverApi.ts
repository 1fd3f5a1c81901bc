import type { BuildEvent } from "../../core/ports/BuildEvent";
import type { BuildOverApiOptions } from "./BuildOverApiOptions";
import { buildClassically } from "./buildClassically";
import { buildWithBuildah } from "./buildWithBuildah";
import { buildWithBuildKit } from "./buildWithBuildKit";

/** POST /build. Rejects with BuildOptionError where this builder cannot do what is asked for, before anything is sent. */
export function buildOverApi(options: BuildOverApiOptions): AsyncIterable<BuildEvent> {
  switch (options.builder) {
    case "buildkit":
      return buildWithBuildKit(options);
    case "classic":
      return buildClassically(options);
    case "buildah":
      return buildWithBuildah(options);
  }
}
