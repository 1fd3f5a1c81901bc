import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";

const toNumber = (address) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

/** `10.1.2.0/24` as its first and last address. */
export function toRange(cidr) {
  const [address, length] = cidr.split("/");
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(toNumber(address) / size) * size;
  return [first, first + size - 1];
}

/** The kernel's routes; it writes addresses as hexadecimal in the machine's own (little-endian) byte order. */
export function parseRoutes(table) {
  const octets = (hex) =>
    hex
      .match(/../g)
      .reverse()
      .map((pair) => parseInt(pair, 16));
  return table
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(/\s+/))
    .filter((fields) => fields[7] && fields[7] !== "00000000")
    .map((fields) => {
      const length = octets(fields[7]).reduce((sum, octet) => sum + octet.toString(2).replaceAll("0", "").length, 0);
      return { device: fields[0], cidr: `${octets(fields[1]).join(".")}/${length}` };
    });
}

/** Every network this machine reaches, apart from through `ownDevice`. */
function takenNetworks(ownDevice) {
  const addresses = Object.entries(networkInterfaces()).flatMap(([device, all = []]) =>
    all.filter(({ family, cidr }) => family === "IPv4" && cidr).map(({ cidr }) => ({ device, cidr })),
  );
  const routes = parseRoutes(readFileSync("/proc/net/route", "utf8"));
  return [...addresses, ...routes].filter(({ device }) => device !== ownDevice).map(({ cidr }) => cidr);
}

const privateRanges = [
  (high, low) => `10.${high}.${low}`,
  (high, low) => `172.${16 + (high % 16)}.${low}`,
  (high, low) => `192.168.${low}`,
];

/**
 * A /24 that overlaps with nothing taken. Where the search begins depends on the seed, so that one engine keeps its
 * network, and two engines that look at the same moment do not find the same one.
 * @param {string} seed hexadecimal
 * @param {string[]} taken
 */
export function chooseSubnet(seed, taken) {
  const ranges = taken.map(toRange);
  const start = parseInt(seed, 16);
  for (const prefixOf of privateRanges) {
    for (let step = 0; step < 256; step++) {
      const number = (start + step * 257) % 65_536;
      const prefix = prefixOf(Math.floor(number / 256), number % 256);
      const [first, last] = toRange(`${prefix}.0/24`);
      if (!ranges.some(([from, to]) => first <= to && from <= last)) {
        return { subnet: `${prefix}.0/24`, gateway: `${prefix}.1` };
      }
    }
  }
  throw new Error("no free private network: 10/8, 172.16/12 and 192.168/16 are all in use");
}

/** A free network for a bridge of ours. */
export const freeSubnet = (bridge, seed) => chooseSubnet(seed, takenNetworks(bridge));
