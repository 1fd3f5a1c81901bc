import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { chooseSubnet, parseRoutes, toRange } from "./subnet.mjs";

const overlaps = (one, other) => {
  const [[from, to], [first, last]] = [toRange(one), toRange(other)];
  return from <= last && first <= to;
};

describe("chooseSubnet", () => {
  it("gives one seed the same network each time, and its gateway", () => {
    assert.deepEqual(chooseSubnet("0000102", []), { subnet: "10.1.2.0/24", gateway: "10.1.2.1" });
  });

  it("keeps clear of what is taken", () => {
    assert.equal(overlaps(chooseSubnet("0000102", ["10.1.0.0/16"]).subnet, "10.1.0.0/16"), false);
    assert.match(chooseSubnet("0000102", ["10.0.0.0/8"]).subnet, /^172\.(1[6-9]|2\d|3[01])\./);
    assert.match(chooseSubnet("0000102", ["10.0.0.0/8", "172.16.0.0/12"]).subnet, /^192\.168\./);
  });

  it("says so when nothing is free", () => {
    assert.throws(
      () => chooseSubnet("1", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]),
      /no free private network/,
    );
  });
});

describe("parseRoutes", () => {
  it("reads the kernel's table, apart from the default route", () => {
    const head = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n";
    const rows = [
      "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
      "br0\t000014AC\t0\t1\t0\t0\t0\t0000FFFF",
    ];
    assert.deepEqual(parseRoutes(head + rows.join("\n")), [{ device: "br0", cidr: "172.20.0.0/16" }]);
  });
});
