/** Where builders, or versions of one, disagree about what an instruction sees. */
export interface BuilderRules {
  /** Whether `FROM stage` keeps the stage's ARGs (BuildKit and Podman since 5) or only its ENVs (Podman 4). */
  readonly argsInherited: boolean;
  /** Whether a variable of ENV is seen although an ARG of its name comes later (buildah), or what was set last (BuildKit). */
  readonly envBeforeArg: boolean;
  /** Whether the ONBUILD instructions of a stage run in the stages that are built from it. */
  readonly stageTriggers: boolean;
}

/**
 * All that a builder may go by. What counts is what any of them takes: which one builds, and in which version, is not
 * always known before, and a source too many is better than one too few.
 */
export const ALL_BUILDER_RULES: readonly BuilderRules[] = [true, false].flatMap((argsInherited) =>
  [false, true].flatMap((envBeforeArg) =>
    [true, false].map((stageTriggers) => ({ argsInherited, envBeforeArg, stageTriggers })),
  ),
);
