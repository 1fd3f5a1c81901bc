import assert from "node:assert/strict";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildSecretSource } from "../config/WorkspaceConfiguration";
import { collectBuildInputs, type CollectedInputs } from "../fingerprint/collectBuildInputs";
import { InProcessScanner } from "../fingerprint/scan/InProcessScanner";
import { NO_NETWORK_SETTINGS, type NetworkSettings } from "../network/NetworkSettings";
import { ImageBuildError, ImageNotFoundError, RegistryAuthError } from "../errors/imageErrors";
import type { BuildEvent } from "../ports/BuildEvent";
import type { ContainerEngine } from "../ports/ContainerEngine";
import { readBuildSecrets } from "../secret/readBuildSecrets";
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
    args: Readonly<Record<string, string>> = {},
    secrets: readonly BuildSecretSource[] = [],
  ): Promise<PreparedBuild> => {
    const network = { ...NO_NETWORK_SETTINGS, ...settings };
    await writeFile(join(folder, "Dockerfile"), dockerfile);
    const build = {
      dockerfile: join(folder, "Dockerfile"),
      context: folder,
      target: undefined,
      platform: undefined,
      args,
    };
    const imageOf = async () => Promise.resolve({ id: "sha256:1", env: {}, onBuild: [] });
    const scanner = new InProcessScanner();
    collected = await collectBuildInputs({ folder, build, engine: undefined, imageOf, network, scanner });
    const inspectImage = async (): Promise<unknown> => Promise.resolve({ config: { env } });
    const engine = { inspectImage } as unknown as ContainerEngine;
    return prepareBuild({
      collected,
      secrets: await readBuildSecrets(secrets, { env: { TOKEN: "s3cret-canary" } }),
      engine,
    });
  };
  const dockerfileOf = ({ context }: PreparedBuild): string => Buffer.from(context.dockerfile.content).toString("utf8");
  const stepName = ({ translate }: PreparedBuild, name: string): string => {
    const [event] = translate({ type: "step", id: "1", name, state: "started" });
    return event?.type === "step" ? event.name : "";
  };

  it("changes nothing where there is nothing to put in", async () => {
    const prepared = await prepare("FROM busybox\nRUN true\n");
    assert.deepEqual(prepared.context, { ...collected.context, entries: await collected.snapshot.entries() });
    assert.equal(prepared.secrets, undefined);
    const event = { type: "warning", message: "line 3 http://a:b@c" } as const;
    assert.deepEqual(prepared.translate(event), [event]);
  });

  it("changes nothing where no step could use the certificates", async () => {
    const prepared = await prepare("FROM busybox\nCOPY . /app\n", { certificates });
    assert.deepEqual(prepared.context, { ...collected.context, entries: await collected.snapshot.entries() });
    assert.equal(prepared.secrets, undefined);
  });

  it("gives the builder the certificates as a secret, and steps that mount it", async () => {
    const prepared = await prepare("FROM busybox\nRUN true\n", { certificates });
    assert.equal(prepared.secrets?.get("slipway-ca"), bundle);
    assert.match(
      dockerfileOf(prepared),
      /^FROM busybox\nARG SLIPWAY_NETWORK=[0-9a-f]{16} SSL_CERT_FILE=\S+ .*\nRUN --mount=type=secret,\S+ true\n$/,
    );
    // COPY takes the user's own file.
    assert.deepEqual(prepared.context.entries, await collected.snapshot.entries());
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
    const told = { ...failure, step: "[2/2] RUN npm ci", dockerfile: "Dockerfile", line: 2 };
    assert.deepEqual(failureOf(prepared, failure), told);
    const refused = {
      step: undefined,
      exitCode: undefined,
      output: "",
      detail: "dockerfile parse error on line 3: no",
    };
    assert.equal(failureOf(prepared, refused).detail, "dockerfile parse error on line 2: no");
    assert.equal(failureOf(prepared, refused).line, 2);
  });

  it("says a step's variables as the builder would without the authorities, and knows its line", async () => {
    const text = "FROM busybox\nRUN true\nRUN : ${SSL_CERT_FILE}; $PIP_CERT ${PIP_CERT:-x}; false\nRUN false\n";
    const prepared = await prepare(text, { certificates });
    const step = "[3/4] RUN : /dev/slipway-ca.pem; /dev/slipway-ca.pem /dev/slipway-ca.pem; false";
    const failure = failureOf(prepared, { step, exitCode: 1, output: "", detail: "" });
    assert.equal(failure.step, "[3/4] RUN : ${SSL_CERT_FILE}; $PIP_CERT ${PIP_CERT:-x}; false");
    assert.equal(failure.line, 3);
  });

  it("names no stage where there is only one, as the builder without the mount", async () => {
    const prepared = await prepare("FROM busybox AS only\nRUN true\nRUN x\n", { certificates });
    const names = ["[only 2/3] RUN true", "[linux/amd64 only  3/3] RUN x"].map((name) => stepName(prepared, name));
    assert.deepEqual(names, ["[2/3] RUN true", "[linux/amd64  3/3] RUN x"]);
  });

  it("hides buildah's step for what is put in, and numbers the others as without it", async () => {
    const prepared = await prepare("FROM busybox AS a\nRUN x\nFROM a\nRUN y\nRUN z\n", { certificates });
    const names = [
      "[1/2] STEP 1/3: FROM busybox AS a",
      "[1/2] STEP 2/3: ARG SLIPWAY_NETWORK=1 SSL_CERT_FILE=/dev/slipway-ca.pem",
      "[1/2] STEP 3/3: RUN x",
      "[2/2] STEP 1/8: FROM 123",
      "[2/2] STEP 2/8: ARG SLIPWAY_NETWORK=1",
      "[2/2] STEP 4/8: RUN z",
    ].map((name) => stepName(prepared, name));
    assert.deepEqual(names, [
      "[1/2] STEP 1/2: FROM busybox AS a",
      "",
      "[1/2] STEP 2/2: RUN x",
      "[2/2] STEP 1/3: FROM 123",
      "",
      "[2/2] STEP 3/3: RUN z",
    ]);
    const failed = { step: "[2/2] STEP 4/8: RUN z", exitCode: 1, output: "", detail: "" };
    assert.equal(failureOf(prepared, failed).line, 5);
  });

  it("warns of a stage whose steps trust nobody new", async () => {
    const prepared = await prepare("FROM busybox\nRU\\\nN true\n", { certificates });
    assert.equal(prepared.warnings.length, 1);
    assert.match(prepared.warnings[0] ?? "", /^Dockerfile:1: the steps of this stage do not trust/);
  });

  it("gives another digest for other authorities and other proxies, where steps can see them", async () => {
    const digest = async (dockerfile: string, settings: Partial<NetworkSettings>): Promise<string | undefined> =>
      /ARG SLIPWAY_NETWORK=(\w+)/.exec(dockerfileOf(await prepare(dockerfile, settings)))?.[1];
    const other = { ...certificates, sha256: "d".repeat(64) };
    assert.notEqual(
      await digest("FROM a\nRUN x\n", { certificates }),
      await digest("FROM a\nRUN x\n", { certificates: other }),
    );
    const proxy = (value: string): Partial<NetworkSettings> => ({ proxies: { HTTP_PROXY: value, http_proxy: value } });
    const naming = "FROM a\nRUN <<E\necho $http_proxy\nE\n";
    assert.notEqual(await digest(naming, proxy("http://1")), await digest(naming, proxy("http://2")));
    assert.notEqual(await digest(naming, proxy("http://me:1@p")), await digest(naming, proxy("http://me:2@p")));
    assert.equal(await digest("FROM a\nRUN x\n", proxy("http://1")), undefined);
    // A shell that a stage inherits sees them, too.
    const shell = 'FROM a AS b\nSHELL ["sh", "-c", "echo $http_proxy"]\nFROM b\nRUN x\n';
    assert.notEqual(await digest(shell, proxy("http://1")), undefined);
  });

  for (const [what, args, settings] of [
    ["proxies", {}, { proxies: { HTTP_PROXY: "http://me:secret@proxy" } }],
    ["the user's own arguments", { HTTP_PROXY: "me:secret@proxy", REPOSITORY: "https://me:secret@host/x" }, {}],
  ] as const) {
    it(`takes the passwords of ${what} out of everything`, async () => {
      const prepared = await prepare("FROM busybox\nARG HTTP_PROXY\nRUN true\n", settings, [], args);
      const text = "curl -x http://me:secret@proxy, secret, bWU6c2VjcmV0";
      const told = [
        prepared.translate({ type: "output", text, stepId: undefined }),
        prepared.translate({ type: "progress", message: text }),
        prepared.translate({ type: "warning", message: text }),
        stepName(prepared, text),
        failureOf(prepared, { step: text, exitCode: 1, output: text, detail: text }),
        prepared.translateError(new RegistryAuthError("a", "b", text)),
        prepared.translateError(new ImageNotFoundError("a", text)),
        collected.inputs,
      ];
      const shown = JSON.stringify(told, (_, value: unknown) =>
        value instanceof Error ? [value.message, Object.entries(value)] : value,
      );
      assert.doesNotMatch(shown, /secret|bWU6c2VjcmV0/);
      assert.match(shown, /me:\*\*\*@proxy/);
    });
  }

  it("hides a password that arrives in pieces, whatever comes between", async () => {
    const prepared = await prepare("FROM a\nRUN x\n", {}, [], { HTTP_PROXY: "http://u:s3cret@p:1" });
    const output = (stepId: string, text: string): readonly BuildEvent[] =>
      prepared.translate({ type: "output", stepId, text });
    const shown = [
      ...output("1", "http://u:s3c"),
      ...output("2", "ret\n"),
      ...output("1", "ret@p:1\nu:s3"),
      ...prepared.translate({ type: "step", id: "1", name: "[2/2] RUN x", state: "finished" }),
      ...output("2", "u"),
      ...prepared.end(),
    ];
    assert.deepEqual(
      shown.map((event) => (event.type === "output" ? `${String(event.stepId)} ${event.text}` : event.type)),
      ["1 http://", "2 ret\n", "1 u:***@p:1\n", "1 u:s3", "step", "2 u"],
    );
  });

  it("gives the builder the secrets beside its own, and shows none of them", async () => {
    const source = { id: "npm", kind: "env", variable: "TOKEN" } as const;
    const prepared = await prepare("FROM busybox\nRUN true\n", { certificates }, [], {}, [source]);
    assert.deepEqual(
      [...(prepared.secrets ?? [])].map(([id, value]) => [id, Buffer.from(value).toString()]),
      [
        ["npm", "s3cret-canary"],
        ["slipway-ca", "PEM"],
      ],
    );
    const shown = [
      ...prepared.translate({ type: "output", stepId: "1", text: "token s3cret-" }),
      ...prepared.translate({ type: "output", stepId: "1", text: "canary!\n" }),
      ...prepared.end(),
    ];
    assert.equal(shown.map((event) => (event.type === "output" ? event.text : "")).join(""), "token ***!\n");
    const failure = { step: undefined, exitCode: 1, output: "s3cret-canary", detail: "s3cret-canary" };
    assert.doesNotMatch(String(prepared.translateError(new ImageBuildError(failure))), /canary/);
  });
});

function failureOf({ translateError }: PreparedBuild, failure: ImageBuildError["failure"]): ImageBuildError["failure"] {
  const error = translateError(new ImageBuildError(failure));
  assert.ok(error instanceof ImageBuildError);
  return error.failure;
}
