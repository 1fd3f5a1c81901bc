import assert from "node:assert/strict";
import { isIP } from "node:net";
import fc from "fast-check";
import { parsePortRequest } from "./parsePortRequest";

const port = fc.integer({ min: 1, max: 65535 });
const request = fc.record(
  {
    containerPort: port,
    protocol: fc.constantFrom("tcp" as const, "udp" as const),
    hostIp: fc.oneof(fc.ipV4(), fc.ipV6()),
    hostPort: fc.option(port, { nil: undefined }),
  },
  { noNullPrototype: true },
);

const problemOf = (value: string | number): string => {
  const result = parsePortRequest(value);
  assert.ok("problem" in result, `${String(value)} was taken as ${JSON.stringify(result)}`);
  return result.problem;
};

describe("parsePortRequest", () => {
  for (const [text, expected] of [
    [3000, { containerPort: 3000, protocol: "tcp", hostIp: "127.0.0.1", hostPort: undefined }],
    ["3000", { containerPort: 3000, protocol: "tcp", hostIp: "127.0.0.1", hostPort: undefined }],
    [" 80 ", { containerPort: 80, protocol: "tcp", hostIp: "127.0.0.1", hostPort: undefined }],
    ["8080:80", { containerPort: 80, protocol: "tcp", hostIp: "127.0.0.1", hostPort: 8080 }],
    [":80", { containerPort: 80, protocol: "tcp", hostIp: "127.0.0.1", hostPort: undefined }],
    ["0:80", { containerPort: 80, protocol: "tcp", hostIp: "127.0.0.1", hostPort: undefined }],
    ["53/udp", { containerPort: 53, protocol: "udp", hostIp: "127.0.0.1", hostPort: undefined }],
    ["0.0.0.0:8080:80/tcp", { containerPort: 80, protocol: "tcp", hostIp: "0.0.0.0", hostPort: 8080 }],
    ["127.0.0.2::80", { containerPort: 80, protocol: "tcp", hostIp: "127.0.0.2", hostPort: undefined }],
    ["[::1]:8080:80", { containerPort: 80, protocol: "tcp", hostIp: "::1", hostPort: 8080 }],
    ["65535:65535", { containerPort: 65535, protocol: "tcp", hostIp: "127.0.0.1", hostPort: 65535 }],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parsePortRequest(text), expected);
    });
  }

  it("refuses what is not a port, and shows the forms that are", () => {
    for (const text of [
      "",
      " ",
      "http",
      "-1",
      "3000-3010",
      "80:",
      "1:2:3:4",
      "80/sctp",
      "80/TCP",
      "3.5",
      "0x50",
      "::1:80:80",
      "٣",
      "1e3",
    ]) {
      assert.match(problemOf(text), /is not a port\. Write 3000/, text);
    }
    assert.match(problemOf(-1), /"-1" is not a port\. Write 3000/);
    assert.match(problemOf(Number.NaN), /"NaN" is not a port/);
    assert.match(problemOf(1e30), /is not a port/);
  });

  it("refuses ports out of range", () => {
    for (const text of ["0", "65536", "65536:80", "80:0", "9".repeat(400)]) {
      assert.match(problemOf(text), /ports go from 1 to 65535/, text);
    }
  });

  it("refuses host names and addresses that are none", () => {
    for (const text of ["localhost:80:80", "256.0.0.1:80:80", "[::g]:80:80", "[127.0.0.1.1]:80:80"]) {
      assert.match(problemOf(text), /is not an IP address/, text);
    }
  });

  it("reads back every request that is written in its full form", () => {
    fc.assert(
      fc.property(request, (expected) => {
        const { hostIp, hostPort, containerPort, protocol } = expected;
        const ip = hostIp.includes(":") ? `[${hostIp}]` : hostIp;
        const text = `${ip}:${hostPort === undefined ? "" : String(hostPort)}:${String(containerPort)}/${protocol}`;
        assert.deepEqual(parsePortRequest(text), expected);
      }),
    );
  });

  it("answers either a request that an engine takes or a problem, whatever the text", () => {
    const part = fc.constantFrom(":", "/", "[", "]", "tcp", "udp", "127.0.0.1", "::", "80", "0", "99999", " ", ".");
    const text = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (value) => {
        const result = parsePortRequest(value);
        if (!("problem" in result)) {
          const { containerPort, hostPort, hostIp } = result;
          assert.ok(containerPort >= 1 && containerPort <= 65535);
          assert.ok(hostPort === undefined || (hostPort >= 1 && hostPort <= 65535));
          assert.notEqual(isIP(hostIp), 0);
        }
      }),
    );
  });
});
