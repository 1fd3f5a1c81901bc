/** The commands that package.json contributes. */
export const COMMAND = {
  buildAndRun: "slipway.buildAndRun",
  runTask: "slipway.runTask",
  stopTask: "slipway.stopTask",
  retryTask: "slipway.retryTask",
  discardRun: "slipway.discardRun",
  buildImage: "slipway.buildImage",
  rebuildImage: "slipway.rebuildImage",
  rebuildWithoutCache: "slipway.rebuildWithoutCache",
  explainImage: "slipway.explainImage",
  chooseDockerfile: "slipway.chooseDockerfile",
  showLog: "slipway.showLog",
  selectEngine: "slipway.selectEngine",
  openShell: "slipway.openShell",
  refreshContainers: "slipway.refreshContainers",
  cleanUpContainers: "slipway.cleanUpContainers",
  startContainer: "slipway.startContainer",
  stopContainer: "slipway.stopContainer",
  restartContainer: "slipway.restartContainer",
  removeContainer: "slipway.removeContainer",
  showContainerLogs: "slipway.showContainerLogs",
  copyToContainer: "slipway.copyToContainer",
  copyFromContainer: "slipway.copyFromContainer",
  openPort: "slipway.openPort",
  inspectContainer: "slipway.inspectContainer",
  refreshImages: "slipway.refreshImages",
  cleanUpImages: "slipway.cleanUpImages",
  removeImage: "slipway.removeImage",
  copyImageName: "slipway.copyImageName",
  inspectImage: "slipway.inspectImage",
} as const;

export type CommandId = (typeof COMMAND)[keyof typeof COMMAND];

export const VIEW = { containers: "slipway.containers", images: "slipway.images" } as const;

/** Keys of `when` clauses in package.json. */
export const CONTEXT = { noEngine: "slipway.noEngine" } as const;

export const SETTING = {
  section: "slipway",
  engine: "engine",
  allowPlainTcp: "allowPlainTcp",
  allowedMounts: "allowedMounts",
  selinuxRelabel: "selinuxRelabel",
  extraCaCertificates: "extraCaCertificates",
  propagateProxy: "propagateProxy",
  defaultImage: "defaultImage",
  keepImages: "keepImages",
  keepWarm: "keepWarm",
  forceRebuild: "forceRebuild",
  noCache: "noCache",
  pull: "pull",
} as const;
