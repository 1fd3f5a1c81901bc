export { readWorkspaceConfiguration } from "./config/readWorkspaceConfiguration";
