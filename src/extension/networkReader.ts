import { homedir } from "node:os";
import { join, resolve } from "node:path";
import * as vscode from "vscode";
import type { ReadNetwork } from "../core/network/NetworkSettings";
import { readNetworkSettings } from "../core/network/readNetworkSettings";
import { packFiles } from "../engine/context/packFiles";
import { SETTING } from "./ids";

/** Proxies and certificates: those of Docker's config.json and of the settings, as they are when a job begins. */
export const readNetwork: ReadNetwork = async (engine) => {
  const settings = vscode.workspace.getConfiguration(SETTING.section);
  const homeFolder = homedir();
  const caFiles = settings
    .get<readonly string[]>(SETTING.extraCaCertificates, [])
    .map((path) => (/^~[\\/]/.test(path) ? join(homeFolder, path.slice(2)) : resolve(homeFolder, path)));
  const machine = { platform: process.platform, env: process.env, homeFolder };
  const propagateProxy = settings.get<boolean>(SETTING.propagateProxy, false);
  return readNetworkSettings({ machine, caFiles, propagateProxy, packFiles }, engine);
};

/** Whether what `readNetwork` reads may be another one. */
export function affectsNetwork(event: vscode.ConfigurationChangeEvent): boolean {
  return [SETTING.extraCaCertificates, SETTING.propagateProxy].some((name) =>
    event.affectsConfiguration(`${SETTING.section}.${name}`),
  );
}
