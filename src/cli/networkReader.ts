import { delimiter, resolve } from "node:path";
import { homeFolder } from "../core/homeFolder";
import type { ReadNetwork } from "../core/network/NetworkSettings";
import { readNetworkSettings } from "../core/network/readNetworkSettings";
import { packFiles } from "../engine/context/packFiles";
import type { NetworkFlags } from "./CliCommand";

/** Proxies and certificates: those of Docker's config.json, of the command line and of SLIPWAY_EXTRA_CA. */
export function networkReader({ extraCa, propagateProxy }: NetworkFlags): ReadNetwork {
  const { env, platform } = process;
  const fromVariable = (env["SLIPWAY_EXTRA_CA"] ?? "").split(delimiter).filter((path) => path.trim() !== "");
  const caFiles = [...fromVariable, ...extraCa].map((path) => resolve(path));
  const options = { machine: { platform, env, homeFolder: homeFolder() }, caFiles, propagateProxy, packFiles };
  return async (engine) => readNetworkSettings(options, engine);
}
