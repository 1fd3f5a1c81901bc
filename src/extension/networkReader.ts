import type * as vscode from "vscode";
import { z } from "zod";
import { resolveUserPath } from "../core/config/resolveUserPath";
import { homeFolder } from "../core/homeFolder";
import type { ReadNetwork } from "../core/network/NetworkSettings";
import { readNetworkSettings } from "../core/network/readNetworkSettings";
import { packFiles } from "../engine/context/packFiles";
import { SETTING } from "./ids";
import { readSetting } from "./readSetting";

/** Proxies and certificates: those of Docker's config.json and of the settings, as they are when a job begins. */
export const readNetwork: ReadNetwork = async (engine) => {
  const home = homeFolder();
  const caFiles = readSetting(SETTING.extraCaCertificates, z.array(z.string())).map((path) =>
    resolveUserPath(path, { base: home, home }),
  );
  const machine = { platform: process.platform, env: process.env, homeFolder: home };
  const propagateProxy = readSetting(SETTING.propagateProxy, z.boolean());
  return readNetworkSettings({ machine, caFiles, propagateProxy, packFiles }, engine);
};

/** Whether an image may be another one: what `readNetwork` reads, or which image stands for a folder that names none. */
export function affectsImages(event: vscode.ConfigurationChangeEvent): boolean {
  return [SETTING.extraCaCertificates, SETTING.propagateProxy, SETTING.defaultImage].some((name) =>
    event.affectsConfiguration(`${SETTING.section}.${name}`),
  );
}
