/** The commands that package.json contributes. */
export const COMMAND = {
  buildAndRun: "slipway.buildAndRun",
  runTask: "slipway.runTask",
  buildImage: "slipway.buildImage",
  rebuildImage: "slipway.rebuildImage",
  rebuildWithoutCache: "slipway.rebuildWithoutCache",
  chooseDockerfile: "slipway.chooseDockerfile",
  showLog: "slipway.showLog",
  selectEngine: "slipway.selectEngine",
  refreshContainers: "slipway.refreshContainers",
  startContainer: "slipway.startContainer",
  stopContainer: "slipway.stopContainer",
  removeContainer: "slipway.removeContainer",
  showContainerLogs: "slipway.showContainerLogs",
} as const;

export type CommandId = (typeof COMMAND)[keyof typeof COMMAND];

export const VIEW = { containers: "slipway.containers" } as const;

/** Keys of `when` clauses in package.json. */
export const CONTEXT = { noEngine: "slipway.noEngine" } as const;

export const SETTING = {
  section: "slipway",
  engine: "engine",
  allowPlainTcp: "allowPlainTcp",
  selinuxRelabel: "selinuxRelabel",
  extraCaCertificates: "extraCaCertificates",
  propagateProxy: "propagateProxy",
  defaultImage: "defaultImage",
} as const;
