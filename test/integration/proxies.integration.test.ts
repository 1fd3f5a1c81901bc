import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod } from "node:fs/promises";
import { dirname } from "node:path";
import { runCli, type CliRun } from "./runCli";
import { engineOfEachKind } from "../faults/engineOfEachKind";
import { TestWorkspace } from "./TestWorkspace";

const PASSWORD = "pr0xy-canary";
const PROXY = `http://me:${PASSWORD}@proxy.invalid:3128`;
const OTHER = `http://me:an0ther-canary@proxy.invalid:3128`;

for (const { name, address, connect } of engineOfEachKind()) {
  describe(`proxies, on ${name}`, () => {
    const engine = connect();
    let salt: string;
    let workspace: TestWorkspace;

    beforeEach(async () => {
      salt = randomBytes(4).toString("hex");
      workspace = await TestWorkspace.create({});
      // An engine that runs as somebody else is to see the folder, too.
      await chmod(dirname(workspace.folder), 0o755);
    });
    afterEach(async () => {
      await workspace.remove(engine);
    });

    const configure = async (proxies: unknown): Promise<void> => {
      await workspace.write("../docker/config.json", JSON.stringify({ proxies }));
    };
    const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliRun> => {
      const [command = "", ...rest] = args;
      const own = { SLIPWAY_CACHE_DIR: workspace.cache, DOCKER_CONFIG: `${dirname(workspace.folder)}/docker` };
      return runCli([command, "--engine", address, ...rest], { cwd: workspace.folder, env: { ...own, ...env } });
    };
    const slipway = async (...how: Parameters<typeof run>): Promise<CliRun> => {
      const result = await run(...how);
      assert.equal(result.code, 0, result.stderr);
      return result;
    };
    const assertNoPassword = ({ stdout, stderr }: CliRun): void => {
      assert.doesNotMatch(stdout + stderr, /canary/);
    };

    it("of Docker's config.json reach steps and containers, and are shown without their passwords", async () => {
      await configure({ default: { httpProxy: PROXY, noProxy: "localhost" } });
      await workspace.write(
        "Dockerfile",
        `FROM busybox\nRUN : ${salt}; test "$HTTP_PROXY" = "$http_proxy" && echo "the proxy is $HTTP_PROXY, not for $no_proxy"\n`,
      );
      const built = await slipway(["build"]);
      assert.match(built.stderr, /the proxy is http:\/\/me:\*\*\*@proxy\.invalid:3128, not for localhost/);
      assertNoPassword(built);
      const { stdout } = await slipway([
        "run",
        "--",
        "sh",
        "-c",
        'echo "$HTTP_PROXY $http_proxy $no_proxy $ALL_PROXY"',
      ]);
      assert.equal(stdout, `${PROXY} ${PROXY} localhost \n`);
    });

    it("are those of the engine's own section, and come after the user's own", async () => {
      await configure({ default: { httpProxy: "http://wrong" }, [address]: { httpProxy: PROXY } });
      await workspace.write("Dockerfile", `FROM busybox\nRUN : ${salt}; test "$HTTP_PROXY" = http://mine\n`);
      await workspace.write(
        "slipway.json",
        JSON.stringify({ build: { args: { HTTP_PROXY: "http://mine" } }, run: { env: { http_proxy: "http://own" } } }),
      );
      const { stdout } = await slipway(["run", "--", "sh", "-c", 'echo "$HTTP_PROXY $http_proxy"']);
      assert.equal(stdout, `${PROXY} http://own\n`);
    });

    it("count only where an ARG declares them or a stage names them", async () => {
      await workspace.write("Dockerfile", `FROM busybox\nRUN : ${salt}\n`);
      await configure({ default: { httpProxy: PROXY } });
      await slipway(["build"]);
      await configure({ default: { httpProxy: OTHER } });
      assert.match((await slipway(["build"])).stderr, /fresh/);
      await workspace.write("Dockerfile", `FROM busybox\nARG HTTP_PROXY\nRUN : ${salt} $HTTP_PROXY\n`);
      assertNoPassword(await slipway(["build", "--json"]));
      assert.match((await slipway(["build"])).stderr, /fresh/);
      await configure({ default: { httpProxy: PROXY } });
      const rebuilt = await slipway(["build", "--json"]);
      assert.match(
        rebuilt.stdout,
        /ARG HTTP_PROXY changed \(http:\/\/me:\*\*\*@proxy\.invalid:3128 \([0-9a-f]{16}\) -> /,
      );
      assertNoPassword(rebuilt);
      assertNoPassword(await slipway(["fingerprint"]));
      assertNoPassword(await slipway(["fingerprint", "--json"]));
    });

    it("make another image when they are others, whatever the builder has in its cache", async () => {
      await workspace.write(
        "Dockerfile",
        `FROM busybox AS a\nRUN : ${salt}; echo "proxy \\"$http_proxy\\";" > /conf\nFROM a\nRUN cp /conf /copy\n`,
      );
      const show = ["run", "--", "sh", "-c", 'cat /copy; echo "$SLIPWAY_NETWORK"'];
      for (const [proxy, state] of [
        [PROXY, /there is no image yet/],
        [OTHER, /rebuilding: ARG HTTP_PROXY changed/],
        [OTHER, /fresh/],
        ["http://third.invalid:1", /rebuilding: ARG HTTP_PROXY changed/],
      ] as const) {
        await configure({ default: { httpProxy: proxy } });
        const { stdout, stderr } = await slipway(show);
        assert.equal(stdout, `proxy "${proxy}";\n\n`);
        assert.match(stderr, state);
        assertNoPassword({ stderr, stdout: "", code: 0 });
      }
    });

    it("that build.args set make another image when they are others, whatever the Dockerfile names", async () => {
      await workspace.write("Dockerfile", `FROM busybox\nRUN : ${salt}; env > /environment\n`);
      for (const proxy of [PROXY, OTHER]) {
        await workspace.write("slipway.json", JSON.stringify({ build: { args: { http_proxy: proxy } } }));
        const { stdout } = await slipway(["run", "--", "grep", "-i", "^http_proxy", "/environment"]);
        assert.ok(stdout.includes(proxy), stdout);
      }
    });

    it("lose their passwords in what a step prints in pieces, the user's own in build.args, too", async () => {
      await workspace.write(
        "Dockerfile",
        `FROM busybox\nARG REPOSITORY\nRUN : ${salt}; printf 'http://me:pr0xy-c'; sleep 1; printf 'anary@x'; ` +
          `echo "$REPOSITORY" | cut -d: -f3; printf %s "me:${PASSWORD}" | base64; false\n`,
      );
      await workspace.write(
        "slipway.json",
        JSON.stringify({ build: { args: { http_proxy: PROXY, REPOSITORY: "https://you:0wn-canary@x.invalid" } } }),
      );
      const basic = Buffer.from(`me:${PASSWORD}`).toString("base64").replace(/=+$/, "");
      for (const options of [[], ["--json"]]) {
        const failed = await run(["build", ...options]);
        assert.equal(failed.code, 125);
        // What the Dockerfile itself says is the user's own to see.
        const text = (failed.stdout + failed.stderr).replaceAll("pr0xy-c'", "");
        assert.doesNotMatch(text.replaceAll("anary@x'", ""), /canary|anary@x/);
        assert.ok(!text.includes(basic));
        assert.match(text, /me:\*\*\*@x/);
      }
    });

    it("of this process are passed on only when that is asked for, and after Docker's", async () => {
      await configure({ default: { noProxy: "configured" } });
      await workspace.write("Dockerfile", "FROM busybox\n");
      const env = {
        HTTP_PROXY: PROXY,
        http_proxy: "",
        https_proxy: "http://s",
        NO_PROXY: "process",
        no_proxy: "process",
      };
      const show = ["--", "sh", "-c", 'echo "[$HTTP_PROXY] [$http_proxy] [$HTTPS_PROXY] [$NO_PROXY]"'];
      assert.equal((await slipway(["run", ...show], env)).stdout, "[] [] [] [configured]\n");
      const { stdout } = await slipway(["run", "--propagate-proxy", ...show], env);
      assert.equal(stdout, `[${PROXY}] [${PROXY}] [http://s] [configured]\n`);
    });
  });
}
