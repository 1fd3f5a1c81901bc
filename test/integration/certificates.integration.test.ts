import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod } from "node:fs/promises";
import { dirname } from "node:path";
import { TEST_CA } from "../../src/core/network/testAuthorities";
import { filesOfImage } from "./filesOfImage";
import { isPodman } from "./isPodman";
import { runCli, type CliRun } from "./runCli";
import { testEngines } from "./testEngines";
import { TestWorkspace } from "./TestWorkspace";

/** A line that is in no other certificate. */
const MARK = TEST_CA[0].split("\n")[1] ?? "";
const VARIABLES = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE"];
/** Fails unless every variable leads to a file with the company's authority and the public ones. */
const CHECK = VARIABLES.map((name) => `grep -qF '${MARK}' "$${name}" && test $(grep -c BEGIN "$${name}") -gt 100`).join(
  " && ",
);

for (const { name, address, connect } of testEngines()) {
  describe(`a company's authority, on ${name}`, () => {
    const engine = connect();
    /** Another one each time, so that no step comes from the cache. */
    let salt: string;
    let workspace: TestWorkspace;

    beforeEach(async () => {
      salt = randomBytes(4).toString("hex");
      workspace = await TestWorkspace.create({ "../ca.pem": TEST_CA[0], "../ca2.pem": TEST_CA[1] });
      // An engine that runs as somebody else is to see the folder, too.
      await chmod(dirname(workspace.folder), 0o755);
    });
    afterEach(async () => {
      await workspace.remove(engine);
    });

    const slipway = async (...args: readonly string[]): Promise<CliRun> => {
      const [command = "", ...rest] = args;
      const cache = { SLIPWAY_CACHE_DIR: workspace.cache };
      return runCli([command, "--engine", address, ...rest], { cwd: workspace.folder, env: cache });
    };
    const trusting = ["--extra-ca", "../ca.pem"];
    const succeeds = async (...args: readonly string[]): Promise<CliRun> => {
      const result = await slipway(...args);
      assert.equal(result.code, 0, result.stderr);
      return result;
    };
    const referenceOf = ({ stdout }: CliRun): string => /"resolution":\{"reference":"([^"]+)"/.exec(stdout)?.[1] ?? "";

    it("is trusted in every step, whoever it runs as and however it is written", async () => {
      await workspace.write(
        "Dockerfile",
        [
          "# a comment",
          "FROM busybox AS first",
          `RUN : ${salt}; ${CHECK}`,
          "FROM first",
          "USER 1000:1000",
          `run \\`,
          "  # a comment",
          `  : ${salt}; ${CHECK}`,
          `RUN --mount=type=tmpfs,target=/t ["/bin/sh", "-c", ${JSON.stringify(CHECK)}]`,
          "",
        ].join("\n"),
      );
      const { stderr } = await succeeds("build", ...trusting);
      assert.doesNotMatch(stderr, /type=secret|ARG /, "what Slipway put in is not shown");
    });

    it("leaves nothing in the image", async () => {
      await workspace.write(
        "Dockerfile",
        `FROM busybox\nWORKDIR /app\nRUN : ${salt}; echo made > made\nRUN mkdir d && touch d/e\nCOPY . .\n`,
      );
      const plain = await succeeds("build", "--json");
      const trusted = await succeeds("build", "--json", ...trusting);
      const [before, after] = [referenceOf(plain), referenceOf(trusted)];
      assert.notEqual(before, after);
      const files = await filesOfImage(address, before);
      assert.ok(
        files.some((file) => file.startsWith("app/made ")),
        files.join("\n"),
      );
      assert.deepEqual(await filesOfImage(address, after), files);
      assert.deepEqual((await engine.inspectImage(after))?.config, (await engine.inspectImage(before))?.config);
    });

    it("leaves ENV to the Dockerfile and to what a stage starts from", async () => {
      await workspace.write(
        "Dockerfile",
        `FROM busybox AS base\nENV SSL_CERT_FILE=/base\nFROM base\nRUN : ${salt}; test "$SSL_CERT_FILE" = /base\n` +
          `ENV PIP_CERT=/own\nRUN test "$PIP_CERT" = /own && test "$NODE_EXTRA_CA_CERTS" = /dev/slipway-ca.pem\n`,
      );
      await succeeds("build", ...trusting);
    });

    it("names the user's own line and instruction when a step fails", async () => {
      await workspace.write("Dockerfile", `FROM busybox AS a\nRUN : ${salt}\n\nFROM a\nRUN true\nRUN \\\n  exit 7\n`);
      const { code, stderr } = await slipway("build", ...trusting);
      assert.equal(code, 125);
      assert.match(stderr, /The build step ".*RUN +exit 7" failed with exit code 7 \(Dockerfile:6\)/);
      assert.doesNotMatch(stderr, /slipway-ca/);
    });

    it("counts in the fingerprint, and says so", async () => {
      await workspace.write("Dockerfile", `FROM busybox\nRUN : ${salt}\n`);
      await succeeds("build", ...trusting);
      assert.match((await succeeds("build", ...trusting)).stderr, /fresh: \d+ inputs unchanged/);
      assert.match((await succeeds("build", "--extra-ca", "../ca2.pem")).stderr, /rebuilding: CA certificates changed/);
      assert.match((await succeeds("build")).stderr, /rebuilding: CA certificates removed/);
      assert.match((await succeeds("build", ...trusting)).stderr, /fresh/);
    });

    it("is trusted in containers", async () => {
      await workspace.write("Dockerfile", "FROM busybox\nENV PIP_CERT=/image\nUSER 1000\n");
      await workspace.write("slipway.json", JSON.stringify({ run: { env: { AWS_CA_BUNDLE: "/user" } } }));
      const script = `${CHECK} && echo "$PIP_CERT $AWS_CA_BUNDLE" && ls -ld /etc /etc/slipway "$SSL_CERT_FILE"`;
      const { stdout } = await succeeds("run", ...trusting, "--", "sh", "-c", script);
      assert.match(stdout, /^\/image \/user\ndrwxr-xr-x .*\ndrwxr-xr-x .*\n-rw-r--r-- .*\n$/);
      const { stdout: none } = await succeeds(
        "run",
        "--",
        "sh",
        "-c",
        'echo "[$SSL_CERT_FILE]"; ls /etc/slipway || true',
      );
      assert.equal(none, "[]\n");
    });

    it("is an error by name when its file is none", async () => {
      await workspace.write("Dockerfile", "FROM busybox\nRUN true\n");
      await workspace.write("../bad.pem", "hello");
      const { code, stdout } = await slipway("build", "--json", "--extra-ca", "../bad.pem");
      assert.equal(code, 125);
      assert.match(stdout, /"code":"certificate","message":"[^"]*bad\.pem: there is no certificate in it/);
    });

    // Podman 4.3 knows no heredocs, and Docker 20.10 only with a frontend from the network.
    if (!isPodman(address) && /28/.test(name)) {
      it("is trusted in heredocs", async () => {
        await workspace.write("Dockerfile", `FROM busybox\nRUN <<EOF\nset -e\n: ${salt}\n${CHECK}\nEOF\nRUN exit 3\n`);
        assert.match((await slipway("build", ...trusting)).stderr, /"[^"]*RUN exit 3" failed .*\(Dockerfile:7\)/);
      });
    }
  });
}
