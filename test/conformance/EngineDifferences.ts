import type { EngineInfo } from "../../src/core/ports/EngineInfo";

/** Where engines truly differ, so that the same expectation cannot hold for all. docs/engines.md has them for people. */
export interface EngineDifferences {
  /** Rootless Podman has no cgroups on version 1, so that it takes limits and does not keep them. */
  readonly limits: "kept" | "ignored";
  /** The same has nothing by which to pause a container. */
  readonly pause: "kept" | "refused";
  /** Podman builds in OCI's format, which has no place for them. */
  readonly onBuild: "kept" | "dropped";
  /** Podman gives what is copied out of a container to the container's own user. */
  readonly ownersOut: "kept" | "container";
  /** Podman takes the path that is looked at or copied out for a pattern, in which nothing stands for an asterisk. */
  readonly asterisk: "found" | "missed";
  /** Podman tells where a link leads from the root on, not what it says. */
  readonly linkTarget: "kept" | "resolved";
  /** Podman's API has no way for an SSH agent to a build. */
  readonly buildSsh: "kept" | "refused";
  /** Podman decodes each piece of what a build's step writes by itself, and so loses characters that are cut. */
  readonly buildText: "whole" | "pieces";
  /** Where a build has no network, Podman gives it no /etc/hosts. */
  readonly hostsWithoutNetwork: "kept" | "dropped";
  /** Podman's init is a package of its own (catatonit); without it, it refuses. */
  readonly init: "there" | "maybe";
}

export function differencesOf({ kind, rootless }: EngineInfo): EngineDifferences {
  const podman = kind === "podman";
  return {
    limits: rootless && podman ? "ignored" : "kept",
    pause: rootless && podman ? "refused" : "kept",
    onBuild: podman ? "dropped" : "kept",
    ownersOut: podman ? "container" : "kept",
    asterisk: podman ? "missed" : "found",
    linkTarget: podman ? "resolved" : "kept",
    buildSsh: podman ? "refused" : "kept",
    buildText: podman ? "pieces" : "whole",
    hostsWithoutNetwork: podman ? "dropped" : "kept",
    init: podman ? "maybe" : "there",
  };
}
