import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { BuildOptionError, ImageBuildError } from "../../core/errors/imageErrors";
import { CA_SECRET } from "../../core/network/addNetwork";
import type { BuildEvent } from "../../core/ports/BuildEvent";
import type { BuildImageOptions } from "../../core/ports/ContainerEngine";
import { collect } from "../../../test/conformance/collect";
import { FakeSshAgent } from "../../../test/fake/FakeSshAgent";
import { FakePeer, json, PODMAN, refusal, VERSION } from "../../../test/peer/FakePeer";
import { fakeEnvironment } from "../discovery/fakeEnvironment";
import type { DockerodeEngine } from "../DockerodeEngine";

const ID = `sha256:${"a".repeat(64)}`;
const SECRET = "hunter2-hunter2";

describe("buildOverApi", () => {
  let peer: FakePeer;
  let engine: DockerodeEngine | undefined;
  let bodies: string[];
  let headers: IncomingMessage["headers"];

  beforeEach(async () => {
    peer = await FakePeer.listen();
    bodies = [];
    peer.upgrades["POST /session"] = (socket, request) => {
      headers = request.headers;
      socket.resume();
    };
    peer.answers["POST /build"] = (response, request) => {
      let body = "";
      request.setEncoding("latin1").on("data", (text: string) => {
        body += text;
      });
      request.on("end", () => {
        bodies.push(body);
        response.end(JSON.stringify({ aux: { ID } }));
      });
    };
  });
  afterEach(async () => {
    await engine?.close();
    await peer.close();
  });

  const build = async (
    options: Partial<BuildImageOptions> = {},
    {
      version = VERSION,
      env = {},
    }: { readonly version?: object; readonly env?: Readonly<Record<string, string>> } = {},
  ): Promise<readonly BuildEvent[]> => {
    peer.answers["GET /version"] = json(version);
    engine = peer.connect({ environment: fakeEnvironment({ env }) });
    return collect(
      engine.buildImage({
        context: {
          root: "/nowhere",
          entries: [],
          dockerfile: { pathInContext: undefined, content: Buffer.from("FROM busybox\n") },
        },
        ...{ tags: [], labels: {}, args: {} },
        ...options,
      }),
    );
  };
  /** What POST /build was asked with. */
  const query = (): URLSearchParams => {
    const requests = peer.requests.filter((request) => request.includes("/build?"));
    assert.equal(requests.length, 1);
    return new URLSearchParams(requests[0]?.replace(/^[^?]*\?/, ""));
  };
  const classic = { env: { DOCKER_BUILDKIT: "0" } };
  const podman = { version: PODMAN };
  const refuses = async (option: string, ...[options, engineOptions]: Parameters<typeof build>): Promise<void> => {
    await assert.rejects(
      build(options, engineOptions),
      (error) => error instanceof BuildOptionError && error.option === option,
    );
    assert.deepEqual(
      peer.requests.filter((request) => !request.endsWith("/version")),
      [],
    );
  };

  describe("by BuildKit", () => {
    it("says all options as Docker's API has them", async () => {
      await build({
        ...{
          network: "none",
          extraHosts: { a: "10.0.0.1", b: "fd00::1" },
          cacheFrom: ["r/a:1", "type=registry,ref=b"],
        },
        ...{ args: { A: "1" }, target: "t", platform: "linux/arm64", noCache: true, labels: { l: "v" } },
      });
      assert.equal(query().get("version"), "2");
      assert.equal(query().get("networkmode"), "none");
      assert.deepEqual(query().getAll("extrahosts"), ["a:10.0.0.1", "b:fd00::1"]);
      assert.equal(query().get("cachefrom"), '["r/a:1","b"]');
      assert.equal(query().get("buildargs"), '{"A":"1"}');
      assert.equal(query().get("nocache"), "1");
    });

    it("asks for a cache in the image by the argument that stands for it, unless the user has set that", async () => {
      await build({ cacheTo: ["inline"] });
      assert.equal(query().get("buildargs"), '{"BUILDKIT_INLINE_CACHE":"1"}');
    });

    it("leaves the user's own word for it", async () => {
      await build({ cacheTo: ["type=inline"], args: { BUILDKIT_INLINE_CACHE: "0" } });
      assert.equal(query().get("buildargs"), '{"BUILDKIT_INLINE_CACHE":"0"}');
    });

    it("refuses a cache anywhere else before anything is sent", async () => {
      await refuses("build.cacheTo", { cacheTo: ["type=registry,ref=x"] });
      await engine?.close();
      await refuses("build.cacheFrom", { cacheFrom: ["type=local,src=/x"] });
    });

    it("offers secrets and agents in the session, and puts them nowhere else", async () => {
      const agent = await FakeSshAgent.listen();
      try {
        await build({ secrets: new Map([["s", Buffer.from(SECRET)]]), ssh: [{ id: "a", paths: [agent.socket] }] });
      } finally {
        await agent.close();
      }
      const methods = String(headers["x-docker-expose-session-grpc-method"]);
      assert.match(methods, /Secrets\/GetSecret/);
      assert.match(methods, /SSH\/CheckAgent.*SSH\/ForwardAgent/);
      assert.ok(!JSON.stringify([peer.requests, headers, bodies]).includes(SECRET));
      assert.ok(!JSON.stringify([peer.requests, headers, bodies]).includes(agent.socket));
    });

    it("passes on what the engine says of an option", async () => {
      peer.answers["POST /build"] = refusal(500, 'network mode "x" not supported by buildkit');
      await assert.rejects(
        build({ network: "x" }),
        (error) => error instanceof ImageBuildError && error.failure.detail.includes("network mode"),
      );
    });
  });

  describe("by the classic builder", () => {
    it("sends a tar and no session, with DOCKER_BUILDKIT=0", async () => {
      await build({ network: "host", extraHosts: { a: "10.0.0.1" }, cacheFrom: ["a:1"] }, classic);
      assert.equal(query().get("version"), null);
      assert.equal(query().get("session"), null);
      assert.equal(query().get("forcerm"), "1");
      assert.equal(query().get("networkmode"), "host");
      assert.equal(query().get("extrahosts"), "a:10.0.0.1");
      assert.equal(query().get("cachefrom"), '["a:1"]');
      assert.match(bodies[0] ?? "", /FROM busybox/);
      assert.ok(!peer.requests.some((request) => request.includes("session")));
    });

    for (const status of [404, 405, 501]) {
      it(`is taken, with a word of it, where POST /session is answered ${String(status)}`, async () => {
        peer.refusedUpgrades["POST /session"] = status;
        const events = await build();
        assert.deepEqual(
          events.map(({ type }) => type),
          ["warning", "image"],
        );
        assert.equal(query().get("version"), null);
      });
    }

    it("is taken for Windows containers", async () => {
      await build({}, { version: { ...VERSION, Os: "windows" } });
      assert.equal(query().get("version"), null);
    });

    it("refuses by name what it cannot, before anything is sent", async () => {
      const secret = new Map([["s", Buffer.from("x")]]);
      await refuses("build.secrets", { secrets: secret }, classic);
      await engine?.close();
      await refuses("build.ssh", { ssh: [{ id: "default", paths: [] }] }, classic);
      await engine?.close();
      await refuses("build.cacheTo", { cacheTo: ["inline"] }, classic);
      await engine?.close();
      await refuses("slipway.extraCaCertificates", { secrets: new Map([[CA_SECRET, Buffer.from("x")]]) }, classic);
    });

    it("refuses a DOCKER_BUILDKIT that the docker CLI would refuse", async () => {
      await refuses("DOCKER_BUILDKIT", {}, { env: { DOCKER_BUILDKIT: "maybe" } });
    });
  });

  describe("by Podman's", () => {
    it("says all options as Podman's API has them, its own host among the hosts", async () => {
      await build({ network: "web", extraHosts: { a: "10.0.0.1" }, cacheFrom: ["r/a:1"], cacheTo: ["r/c"] }, podman);
      assert.equal(query().get("nsoptions"), '[{"Name":"network","Path":"web"}]');
      assert.equal(query().get("networkmode"), "2");
      assert.match(
        query().get("extrahosts") ?? "",
        /^\["a:10\.0\.0\.1","slipway-build-[0-9a-f-]+\.invalid:127\.0\.0\.1"\]$/,
      );
      assert.equal(query().get("cachefrom"), '["r/a"]');
      assert.equal(query().get("cacheto"), '["r/c"]');
    });

    it("knows a build without a network by the size of its shared memory", async () => {
      await build({ network: "none" }, podman);
      assert.equal(query().get("nsoptions"), '[{"Name":"network"}]');
      assert.equal(query().get("networkmode"), "1");
      const bytes = Number(query().get("shmsize"));
      assert.ok(bytes > 1 << 26 && bytes <= (1 << 26) + (1 << 30) && bytes % 4_096 === 0, String(bytes));
    });

    it("shares the machine's network, or leaves it to the engine", async () => {
      await build({ network: "host" }, podman);
      assert.equal(query().get("nsoptions"), '[{"Name":"network","Host":true}]');
      peer.requests.length = 0;
      await engine?.close();
      await build({ network: "default" }, podman);
      assert.equal(query().get("nsoptions"), null);
      assert.equal(query().get("shmsize"), null);
    });

    it("puts secrets into the tar, as files that no COPY sees, and nowhere else", async () => {
      await build({ secrets: new Map([["s", Buffer.from(SECRET)]]) }, podman);
      assert.equal(query().get("secrets"), '["id=s,src=.slipway.secret0"]');
      assert.ok((JSON.parse(query().get("excludes") ?? "") as unknown[]).includes(".slipway.secret0"));
      assert.ok(!JSON.stringify(peer.requests).includes(SECRET));
      assert.ok(bodies[0]?.includes(SECRET));
    });

    it("refuses by name what it cannot, before anything is sent", async () => {
      await refuses("build.ssh", { ssh: [{ id: "default", paths: [] }] }, podman);
      await engine?.close();
      await refuses("build.secrets", { secrets: new Map([["a,b", Buffer.from("x")]]) }, podman);
      await engine?.close();
      await refuses("build.cacheTo", { cacheTo: ["inline"] }, podman);
    });

    it("does not care for DOCKER_BUILDKIT", async () => {
      await build({}, { ...podman, ...classic });
      assert.equal(query().get("layers"), "1");
    });
  });
});
