import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { EngineLostError, EngineUnavailableError, type EngineAttempt } from "../../src/core/errors/engineErrors";
import type { EngineAddress, TlsFiles } from "../../src/core/ports/EngineEndpoint";
import { DockerodeEngine } from "../../src/engine/DockerodeEngine";
import { connectEngine } from "../../src/engine/discovery/connectEngine";
import { fakeEnvironment } from "../../src/engine/discovery/fakeEnvironment";
import { EngineConnection } from "../../src/engine/EngineConnection";
import { PemTlsMaterial } from "../../src/engine/transport/PemTlsMaterial";
import { OpensslServer } from "./OpensslServer";
import { TestCertificates, type Certificate } from "./TestCertificates";
import { testEngines } from "./testEngines";
import { TestWorkspace } from "./TestWorkspace";
import { TlsProxy } from "./TlsProxy";

const [engine] = testEngines();

describe("an engine behind TLS", () => {
  let authority: TestCertificates;
  let stranger: TestCertificates;
  let server: Certificate;
  let client: Certificate;
  let proxy: TlsProxy | undefined;

  before(async () => {
    [authority, stranger] = await Promise.all([TestCertificates.create(), TestCertificates.create()]);
    [server, client] = await Promise.all([authority.sign({ name: "localhost" }), authority.sign({ name: "client" })]);
  });
  after(async () => {
    await authority.remove();
    await stranger.remove();
  });
  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
  });

  /** Listens and asks every client for a certificate of the authority's. */
  async function listen(certificate: Certificate): Promise<number> {
    proxy = await TlsProxy.listen(engine?.address ?? "", { ...certificate, ca: authority.ca, requestCert: true });
    return proxy.port;
  }
  const files = (folder: string, ca: string, { cert, key }: Certificate): Record<string, string> => ({
    [`${folder}/ca.pem`]: ca,
    [`${folder}/cert.pem`]: cert,
    [`${folder}/key.pem`]: key,
  });

  it("is found and used as DOCKER_HOST and DOCKER_CERT_PATH say, by all ways to it", async () => {
    const env = {
      DOCKER_HOST: `tcp://localhost:${String(await listen(server))}`,
      DOCKER_TLS_VERIFY: "1",
      DOCKER_CERT_PATH: "/certs",
    };
    const found = await connectEngine({ environment: fakeEnvironment({ env }, files("/certs", authority.ca, client)) });
    assert.equal(found.endpoint.source, "DOCKER_HOST");
    // Answered through dockerode.
    assert.ok((await found.listImages({ labels: {} })).length > 0);
    assert.match((await found.info()).version, /^\d/);
    const connection = new EngineConnection(found.endpoint.address);
    let received = "";
    for await (const chunk of await connection.stream({ method: "GET", path: "/_ping", during: "asking" })) {
      received += Buffer.from(chunk).toString();
    }
    assert.equal(received, "OK");
  });

  it("builds, with the session in which a builder asks for files, and brings stdin and its end to a program", async () => {
    const port = await listen(server);
    const tls = new PemTlsMaterial({ ca: authority.ca, ...client, skipVerify: false });
    const found = new DockerodeEngine({ address: { kind: "tcp", host: "localhost", port, tls }, source: "a test" });
    const workspace = await TestWorkspace.create({});
    const labels = { ...workspace.labels };
    try {
      const tag = `localhost/slipway-test/tls:${String(port)}`;
      const dockerfile = { pathInContext: undefined, content: Buffer.from("FROM busybox\nCMD sleep 60\n") };
      const context = { root: workspace.folder, entries: [], dockerfile };
      let image: string | undefined;
      for await (const event of found.buildImage({ context, tags: [tag], labels, args: {} })) {
        image = event.type === "image" ? event.imageId : image;
      }
      assert.equal((await found.inspectImage(tag))?.id, image);
      const name = `slipway-test-tls-${String(port)}`;
      const defaults = { workingDirectory: undefined, env: {}, mounts: [], ports: [] };
      const id = await found.createContainer({ ...defaults, image: tag, name, command: undefined, labels });
      await found.startContainer(id);
      const spec = { command: ["cat"], env: {}, workingDirectory: undefined, user: undefined, tty: false, stdin: true };
      const program = await found.exec(id, spec);
      await program.write(Buffer.from("over TLS"));
      await program.endInput();
      const chunks: Uint8Array[] = [];
      for await (const { data } of program.output) {
        chunks.push(data);
      }
      assert.equal(Buffer.concat(chunks).toString(), "over TLS");
      assert.equal(await program.exitCode(), 0);
    } finally {
      await workspace.remove(found);
      await found.close();
    }
  });

  it("is found with the files of a docker context", async () => {
    const id = createHash("sha256").update("secure").digest("hex");
    const Host = `tcp://localhost:${String(await listen(server))}`;
    const folder = "/home/ada/.docker/contexts";
    const environment = fakeEnvironment(
      {},
      {
        [`${folder}/meta/${id}/meta.json`]: JSON.stringify({ Name: "secure", Endpoints: { docker: { Host } } }),
        ...files(`${folder}/tls/${id}/docker`, authority.ca, client),
      },
    );
    const found = await connectEngine({ environment, explicit: { address: "secure", source: "--engine" } });
    assert.equal(found.endpoint.source, '--engine: the docker context "secure"');
  });

  it("is taken with any certificate only where checks are off", async () => {
    const env = { DOCKER_HOST: `tcp://localhost:${String(await listen(await stranger.sign({ name: "x" })))}` };
    const environment = (more: object) =>
      fakeEnvironment({ env: { ...env, ...more } }, files("/home/ada/.docker", authority.ca, client));
    await assert.rejects(
      connectEngine({ environment: environment({ DOCKER_TLS_VERIFY: "1" }) }),
      EngineUnavailableError,
    );
    await connectEngine({ environment: environment({ DOCKER_TLS: "1" }) });
  });

  describe("is not used, and the reason is told,", () => {
    const address = (port: number, tls: TlsFiles | undefined): EngineAddress => ({
      ...{ kind: "tcp", host: "localhost", port },
      tls:
        tls === undefined ? undefined : new PemTlsMaterial({ ca: authority.ca, ...client, skipVerify: false, ...tls }),
    });

    /** What connecting fails with, and what a request that is sent all the same does. */
    async function fails(to: EngineAddress & { readonly kind: "tcp" }): Promise<EngineAttempt> {
      const { ca, cert, key } = to.tls?.files() ?? {};
      const env = { DOCKER_HOST: `tcp://localhost:${String(to.port)}`, ...(to.tls && { DOCKER_TLS_VERIFY: "1" }) };
      const found = Object.entries({ ca, cert, key }).flatMap(([name, text]) =>
        text === undefined ? [] : [[`/home/ada/.docker/${name}.pem`, text]],
      );
      const environment = fakeEnvironment({ env }, Object.fromEntries(found) as Record<string, string>);
      const error: unknown = await connectEngine({ environment }).catch((reason: unknown) => reason);
      assert.ok(error instanceof EngineUnavailableError, String(error));
      const [attempt] = error.attempts;
      assert.ok(attempt !== undefined);
      const lost: unknown = await new EngineConnection(to)
        .text({ method: "GET", path: "/version", during: "asking", answerWithinMs: 5_000 })
        .catch((reason: unknown) => reason);
      assert.ok(lost instanceof EngineLostError, String(lost));
      assert.equal(lost.problem, attempt.problem);
      assert.ok(lost.message.includes(attempt.detail), lost.message);
      for (const secret of [cert, key].filter((text) => text !== undefined)) {
        assert.ok(!error.message.includes(secret) && !lost.message.includes(secret));
      }
      assert.equal(error.action, "certificate");
      return attempt;
    }
    const isTold = async (port: number, tls: TlsFiles | undefined, detail: RegExp): Promise<void> => {
      const to = address(port, tls);
      assert.ok(to.kind === "tcp");
      const attempt = await fails(to);
      assert.equal(attempt.problem, "bad-certificate", attempt.detail);
      assert.match(attempt.detail, detail);
    };

    it("when an unknown authority has signed its certificate", async () => {
      await isTold(
        await listen(await stranger.sign({ name: "localhost" })),
        {},
        /not signed by an authority that is trusted/,
      );
    });

    it("when its certificate has expired", async () => {
      await isTold(await listen(await authority.sign({ name: "localhost", days: -1 })), {}, /has expired/);
    });

    it("when its certificate is for another host", async () => {
      await isTold(await listen(await authority.sign({ name: "other.example" })), {}, /for another host name/);
    });

    it("when it wants a certificate and gets none", async () => {
      const tls = { cert: undefined, key: undefined };
      await isTold(await listen(server), tls, /refuses the certificate .*\(certificate required\)/);
    });

    it("when it does not trust the client's certificate", async () => {
      // Node's own server says nothing to a client whose certificate it refuses, other than engines.
      const refusing = await OpensslServer.listen({ ...server, ca: authority.ca });
      try {
        await isTold(refusing.port, await stranger.sign({ name: "client" }), /refuses the certificate .*\(.*ca\)/);
      } finally {
        await refusing.close();
      }
    });

    it("when the files are no certificates", async () => {
      await isTold(await listen(server), { key: "nonsense" }, /ca\.pem, cert\.pem or key\.pem cannot be used/);
    });

    it("when the key is not the certificate's", async () => {
      const { key } = await authority.sign({ name: "client" });
      await isTold(await listen(server), { key }, /cannot be used/);
    });

    it("when it does not speak TLS", async () => {
      const port = await answering(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
      await isTold(port, {}, /does not speak TLS/);
    });

    it("when it speaks TLS and the client does not", async () => {
      const alert = Buffer.from([0x15, 3, 1, 0, 2, 2, 70]);
      await isTold(await answering(alert), undefined, /speaks TLS there/);
    });

    let plain: Server | undefined;
    afterEach(async () => {
      await new Promise<unknown>((resolve) => {
        if (plain === undefined) {
          resolve(undefined);
        } else {
          plain.close(resolve);
        }
      });
      plain = undefined;
    });
    async function answering(bytes: Buffer): Promise<number> {
      plain = createServer((socket) => {
        socket.on("error", () => undefined).once("data", () => socket.end(bytes));
      });
      plain.listen(0, "127.0.0.1");
      await once(plain, "listening");
      return (plain.address() as AddressInfo).port;
    }
  });
});
