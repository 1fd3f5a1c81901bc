import assert from "node:assert/strict";
import { formatPortAddress, formatPortBinding, openableAddress } from "./formatPort";

describe("formatPort", () => {
  const cases = [
    { hostIp: "127.0.0.1", protocol: "tcp", address: "http://127.0.0.1:8080", binding: "127.0.0.1:8080→80" },
    { hostIp: "::1", protocol: "tcp", address: "http://[::1]:8080", binding: "[::1]:8080→80" },
    { hostIp: "0.0.0.0", protocol: "tcp", address: "http://127.0.0.1:8080", binding: "0.0.0.0:8080→80" },
    { hostIp: "::", protocol: "tcp", address: "http://[::1]:8080", binding: "[::]:8080→80" },
    { hostIp: "127.0.0.1", protocol: "udp", address: "127.0.0.1:8080/udp", binding: "127.0.0.1:8080→80/udp" },
    { hostIp: "::1", protocol: "sctp", address: "[::1]:8080/sctp", binding: "[::1]:8080→80/sctp" },
  ];
  for (const { hostIp, protocol, address, binding } of cases) {
    it(`${protocol} on ${hostIp}`, () => {
      const port = { hostIp, protocol, hostPort: 8080, containerPort: 80 };
      assert.equal(formatPortAddress(port), address);
      assert.equal(formatPortBinding(port), binding);
      assert.equal(openableAddress(port), protocol === "tcp" ? address : undefined);
    });
  }
});
