/** The commands that package.json contributes. */
export const COMMAND = {
  buildAndRun: "slipway.buildAndRun",
  runTask: "slipway.runTask",
  buildImage: "slipway.buildImage",
  rebuildImage: "slipway.rebuildImage",
  rebuildWithoutCache: "slipway.rebuildWithoutCache",
  chooseDockerfile: "slipway.chooseDockerfile",
  showLog: "slipway.showLog",
  refreshContainers: "slipway.refreshContainers",
  startContainer: "slipway.startContainer",
  stopContainer: "slipway.stopContainer",
  removeContainer: "slipway.removeContainer",
  showContainerLogs: "slipway.showContainerLogs",
} as const;

export type CommandId = (typeof COMMAND)[keyof typeof COMMAND];

export const VIEW = { containers: "slipway.containers" } as const;

export const SETTING = { section: "slipway", engine: "engine", defaultImage: "defaultImage" } as const;
