import { existsSync } from "node:fs";
import { ensurePackages } from "./packages.mjs";
import { runAsRoot } from "./rootAccess.mjs";
import { run } from "./run.mjs";
import { freeSubnet } from "./subnet.mjs";

/** A bridge's containers may send and be sent to. dockerd, any of the machine's, sets the policy to dropping. */
const forwardRules = (name) => [
  ["filter", "FORWARD", "-i", name, "-j", "ACCEPT"],
  ["filter", "FORWARD", "-o", name, "-j", "ACCEPT"],
];

/** The rules that let a bridge's containers reach the network and be answered. */
const rules = (name, subnet) => [
  ["nat", "POSTROUTING", "-s", subnet, "!", "-o", name, "-j", "MASQUERADE"],
  ...forwardRules(name),
];

const iptables = (action, [table, ...rule]) => runAsRoot(["iptables", "-w", "-t", table, action, ...rule]);

async function addRules(all) {
  for (const rule of all) {
    // The position matters: another engine's rules may end with dropping everything.
    await iptables("-C", rule).catch(() => iptables("-I", rule));
  }
}

async function removeRules(all) {
  for (const rule of all) await iptables("-D", rule).catch(() => {});
}

/** For a bridge that its engine makes itself, with rules that do not reckon with a dockerd beside it. */
export const forwardUp = (name) => addRules(forwardRules(name));

export const forwardDown = (name) => removeRules(forwardRules(name));

const exists = (name) => existsSync(`/sys/class/net/${name}`);

/** The subnet that the bridge has now, or undefined where there is none. Node itself sees only bridges in use. */
async function subnetOf(name) {
  if (!exists(name)) return undefined;
  const address = /inet (\S+)\.\d+\/24/.exec(await run(["ip", "-4", "-o", "address", "show", "dev", name]));
  return address ? `${address[1]}.0/24` : undefined;
}

/**
 * Sets up a bridge for a dockerd of ours. dockerd would make its own rules, but to do so it first empties the chains of
 * any other dockerd of the machine, whose containers' ports would be lost. So ours is told to keep off, and gets these.
 */
export async function bridgeUp(name, seed, log) {
  await ensurePackages({ commands: ["ip"], packages: ["iproute2"], log });
  const { subnet, gateway } = freeSubnet(name, seed);
  if ((await subnetOf(name)) !== subnet) {
    await bridgeDown(name);
    await runAsRoot(["ip", "link", "add", name, "type", "bridge"]);
    await runAsRoot(["ip", "address", "add", `${gateway}/24`, "dev", name]);
  }
  await runAsRoot(["ip", "link", "set", name, "up"]);
  await addRules(rules(name, subnet));
}

export async function bridgeDown(name) {
  const subnet = await subnetOf(name);
  if (exists(name)) await runAsRoot(["ip", "link", "delete", name]);
  if (subnet) await removeRules(rules(name, subnet));
}
