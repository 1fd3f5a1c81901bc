import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod } from "node:fs/promises";
import { dirname } from "node:path";
import { runCli, type CliRun } from "./runCli";
import { testEngines } from "./testEngines";
import { TestWorkspace } from "./TestWorkspace";

const PASSWORD = "pr0xy-canary";
const PROXY = `http://me:${PASSWORD}@proxy.invalid:3128`;
const OTHER = `http://me:an0ther-canary@proxy.invalid:3128`;

for (const { name, address, connect } of testEngines()) {
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
    const slipway = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliRun> => {
      const [command = "", ...rest] = args;
      const own = { SLIPWAY_CACHE_DIR: workspace.cache, DOCKER_CONFIG: `${dirname(workspace.folder)}/docker` };
      const result = await runCli([command, "--engine", address, ...rest], {
        cwd: workspace.folder,
        env: { ...own, ...env },
      });
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

    it("count only where an ARG declares them", async () => {
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
        /ARG HTTP_PROXY changed \(http:\/\/me:\*\*\*@proxy\.invalid:3128 \([0-9a-f]{8}\) -> /,
      );
      assertNoPassword(rebuilt);
      assertNoPassword(await slipway(["fingerprint"]));
      assertNoPassword(await slipway(["fingerprint", "--json"]));
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
