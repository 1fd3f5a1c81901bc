import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod } from "node:fs/promises";
import { dirname } from "node:path";
import { TEST_CA } from "../testAuthorities";
import { filesOfImage } from "./filesOfImage";
import { runCli, type CliRun } from "./runCli";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { TestWorkspace } from "./TestWorkspace";

/** A line that is in no other certificate. */
const MARK = TEST_CA[0].split("\n")[1] ?? "";
const VARIABLES = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE"];
/** Fails unless every variable leads to a file with the company's authority and the public ones. */
const CHECK = VARIABLES.map((name) => `grep -qF '${MARK}' "$${name}" && test $(grep -c BEGIN "$${name}") -gt 100`).join(
  " && ",
);

for (const { name, address, connect } of engineOfEachKind()) {
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

    it("makes another image when it is another one, whatever the builder has in its cache", async () => {
      await workspace.write("Dockerfile", `FROM busybox\nRUN : ${salt}; grep -c . \${SSL_CERT_FILE} > /lines\n`);
      await workspace.write("../both.pem", TEST_CA.join("\n"));
      const linesOf = async (...cas: readonly string[]): Promise<number> => {
        await succeeds("build", ...cas);
        return Number((await succeeds("run", ...cas, "--", "cat", "/lines")).stdout);
      };
      const one = await linesOf(...trusting);
      const both = await linesOf("--extra-ca", "../both.pem");
      assert.ok(both > one + 5, `${String(one)} lines, then ${String(both)}`);
      assert.equal(await linesOf(...trusting), one);
    });

    it("does not become part of the image where the Dockerfile itself uses the variables", async () => {
      await workspace.write(
        "Dockerfile",
        `FROM busybox AS a\nRUN : ${salt}\nFROM a\nENV REQUESTS_CA_BUNDLE=\${REQUESTS_CA_BUNDLE:-/etc/own}\n` +
          'LABEL ca="is $PIP_CERT"\nRUN true\n',
      );
      const image = await engine.inspectImage(referenceOf(await succeeds("build", "--json", ...trusting)));
      assert.ok(image?.config.env.includes("REQUESTS_CA_BUNDLE=/etc/own") === true, JSON.stringify(image));
      assert.equal(image.labels["ca"], "is ");
    });

    for (const dockerfile of [
      "FROM busybox\nRUN : SALT\nRUN : ${SSL_CERT_FILE} ${PIP_CERT:-x}; false\n",
      "FROM busybox AS a\nRUN : SALT\nFROM a\nENV X=1\nRUN exit 3\nRUN exit 3\n",
    ]) {
      it(`changes no word of what is said of ${JSON.stringify(dockerfile)}`, async () => {
        await workspace.write("Dockerfile", dockerfile.replace("SALT", salt));
        const told = async (...args: readonly string[]): Promise<readonly string[]> => {
          const { stdout } = await slipway("build", "--json", ...args);
          return stdout
            .split("\n")
            .filter((line) => /"type":"error"|"type":"step"/.test(line) && !line.includes("[internal]"))
            .map((line) => /"(?:name|message)":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line)
            .filter((text) => !/ FROM [0-9a-f]{64}$/.test(text));
        };
        const trusted = await told(...trusting);
        assert.match(trusted.at(-1) ?? "", /\(Dockerfile:[35]\)/);
        assert.deepEqual([...new Set(trusted)], [...new Set(await told())]);
      });
    }

    it("warns of a stage that it cannot reach", async () => {
      await workspace.write("Dockerfile", `FROM busybox\nRU\\\nN : ${salt}\n`);
      assert.match(
        (await succeeds("build", ...trusting)).stderr,
        /warning: Dockerfile:1: the steps of this stage do not/,
      );
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

    it("is trusted in heredocs; a builder that knows none says the same with and without it", async () => {
      const write = async (check: string): Promise<void> =>
        workspace.write("Dockerfile", `FROM busybox\nRUN <<EOF\nset -e\n: ${salt}\n${check}\nEOF\nRUN exit 3\n`);
      await write("true");
      const plain = (await slipway("build")).stderr;
      if (plain.includes("exit code 3")) {
        await write(CHECK);
      }
      const trusted = (await slipway("build", ...trusting)).stderr;
      const failure = /^slipway: The [^&]*/m;
      const said = failure.exec(plain)?.[0] ?? "";
      assert.match(said, /fail/);
      assert.equal(failure.exec(trusted)?.[0], said);
    });
  });
}
