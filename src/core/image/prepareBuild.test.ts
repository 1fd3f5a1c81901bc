import assert from "node:assert/strict";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectBuildInputs, type CollectedInputs } from "../fingerprint/collectBuildInputs";
import { NO_NETWORK_SETTINGS, type NetworkSettings } from "../network/NetworkSettings";
import type { ContainerEngine } from "../ports/ContainerEngine";
import { prepareBuild, type PreparedBuild } from "./prepareBuild";

const bundle = Buffer.from("PEM");
const certificates = {
  sha256: "c".repeat(64),
  bundle,
  tar: (): never => {
    throw new Error("not for builds");
  },
};

describe("prepareBuild", () => {
  let folder: string;
  let collected: CollectedInputs;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "slipway-prepare-")));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const prepare = async (
    dockerfile: string,
    settings: Partial<NetworkSettings> = {},
    env: readonly string[] = [],
  ): Promise<PreparedBuild> => {
    const network = { ...NO_NETWORK_SETTINGS, ...settings };
    await writeFile(join(folder, "Dockerfile"), dockerfile);
    const build = {
      dockerfile: join(folder, "Dockerfile"),
      context: folder,
      target: undefined,
      platform: undefined,
      args: {},
    };
    const imageIdOf = async (): Promise<string> => Promise.resolve("sha256:1");
    collected = await collectBuildInputs({ folder, build, engine: undefined, imageIdOf, network });
    const inspectImage = async (): Promise<unknown> => Promise.resolve({ config: { env } });
    const engine = { inspectImage } as unknown as ContainerEngine;
    return prepareBuild({ collected, network, engine });
  };
  const dockerfileOf = ({ context }: PreparedBuild): string => Buffer.from(context.dockerfile.content).toString("utf8");
  const stepName = ({ translate }: PreparedBuild, name: string): string => {
    const event = translate({ type: "step", id: "1", name, state: "started" });
    return event.type === "step" ? event.name : "";
  };

  it("changes nothing where there is nothing to put in", async () => {
    const prepared = await prepare("FROM busybox\nRUN true\n");
    assert.equal(prepared.context, collected.context);
    assert.equal(prepared.secrets, undefined);
    const event = { type: "warning", message: "line 3 http://a:b@c" } as const;
    assert.deepEqual(prepared.translate(event), event);
  });

  it("changes nothing where no step could use the certificates", async () => {
    const prepared = await prepare("FROM busybox\nCOPY . /app\n", { certificates });
    assert.equal(prepared.context, collected.context);
    assert.equal(prepared.secrets, undefined);
  });

  it("gives the builder the certificates as a secret, and steps that mount it", async () => {
    const prepared = await prepare("FROM busybox\nRUN true\n", { certificates });
    assert.equal(prepared.secrets?.get("slipway-ca"), bundle);
    assert.match(
      dockerfileOf(prepared),
      /^FROM busybox\nARG SSL_CERT_FILE=\S+ .*\nRUN --mount=type=secret,\S+ true\n$/,
    );
    // COPY takes the user's own file.
    assert.equal(prepared.context.entries, collected.context.entries);
  });

  it("leaves the variables to the base image and the stages that set them", async () => {
    const dockerfile = "FROM busybox AS a\nENV PIP_CERT=/p CURL_CA_BUNDLE /c\nRUN true\nFROM a\nRUN true\n";
    const prepared = await prepare(
      dockerfile.replace("PIP_CERT=/p CURL_CA_BUNDLE /c", "PIP_CERT=/p CURL_CA_BUNDLE=/c"),
      { certificates },
      ["PATH=/bin", "SSL_CERT_FILE=/own"],
    );
    const [first = "", second = ""] = dockerfileOf(prepared)
      .split("\n")
      .filter((line) => line.startsWith("ARG"));
    assert.doesNotMatch(first, /SSL_CERT_FILE/);
    assert.match(first, /PIP_CERT.*CURL_CA_BUNDLE/);
    assert.doesNotMatch(second, /SSL_CERT_FILE|PIP_CERT|CURL_CA_BUNDLE/);
    assert.match(second, /NODE_EXTRA_CA_CERTS/);
  });

  it("tells of steps in the user's words and lines", async () => {
    const prepared = await prepare("FROM busybox\nRUN npm ci\n", { certificates });
    const mounted = dockerfileOf(prepared).split("\n")[2] ?? "";
    assert.equal(stepName(prepared, `[2/2] ${mounted}`), "[2/2] RUN npm ci");
    const failure = { step: `[2/2] ${mounted}`, exitCode: 1, output: "at line 3", detail: "line 3" };
    assert.deepEqual(prepared.translateFailure(failure), { ...failure, step: "[2/2] RUN npm ci" });
    const refused = {
      step: undefined,
      exitCode: undefined,
      output: "",
      detail: "dockerfile parse error on line 3: no",
    };
    assert.equal(prepared.translateFailure(refused).detail, "dockerfile parse error on line 2: no");
  });

  it("takes the passwords of proxies out of everything", async () => {
    const proxies = { HTTP_PROXY: "http://me:secret@proxy" };
    const prepared = await prepare("FROM busybox\nARG HTTP_PROXY\nRUN true\n", { proxies });
    const text = "curl -x http://me:secret@proxy";
    const failure = { step: text, exitCode: 1, output: text, detail: text };
    const told = [
      prepared.translate({ type: "output", text, stepId: undefined }),
      prepared.translate({ type: "progress", message: text }),
      prepared.translate({ type: "warning", message: text }),
      stepName(prepared, text),
      prepared.translateFailure(failure),
      collected.inputs,
    ];
    assert.doesNotMatch(JSON.stringify(told), /secret/);
    assert.match(JSON.stringify(told), /me:\*\*\*@proxy/);
    assert.deepEqual(collected.args, proxies);
  });
});
