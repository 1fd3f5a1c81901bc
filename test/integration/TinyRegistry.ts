import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

interface Content {
  readonly type: string;
  readonly body: Buffer;
}

const TYPE = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
} as const;

export interface TinyRegistryOptions {
  /** Who may read. They show the registry a token that they get for their login, as at Docker Hub. */
  readonly login?: { readonly username: string; readonly password: string };
}

const TOKEN = "t0ken-of-the-tiny-registry";

/** Just enough of a registry (the pull half of the distribution specification) for an engine to pull from. */
export class TinyRegistry {
  private readonly contents = new Map<string, Content>();

  private constructor(
    private readonly server: Server,
    /** Host and port, as they stand before the name of an image. Docker takes a loopback address without TLS. */
    readonly address: string,
  ) {}

  static async listen({ login }: TinyRegistryOptions = {}): Promise<TinyRegistry> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const registry = new TinyRegistry(server, `127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    server.on("request", (request, response) => {
      if (request.url?.startsWith("/token") === true) {
        const known = login !== undefined && nameOf(request, login.password) === login.username;
        response.writeHead(request.method !== "GET" ? 404 : known ? 200 : 401, { "Content-Type": "application/json" });
        response.end(known ? JSON.stringify({ token: TOKEN }) : '{"errors":[{"code":"UNAUTHORIZED"}]}');
        return;
      }
      if (login !== undefined && request.headers.authorization !== `Bearer ${TOKEN}`) {
        const challenge = `Bearer realm="http://${registry.address}/token",service="tiny"`;
        response.writeHead(401, { "WWW-Authenticate": challenge, "Content-Type": "application/json" });
        response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
        return;
      }
      const [, kind, key = ""] = /^\/v2\/.+\/(manifests|blobs)\/(.+)$/.exec(request.url ?? "") ?? [];
      const content = kind === undefined ? undefined : registry.contents.get(key);
      if (request.url === "/v2/") {
        response.end("{}");
      } else if (content === undefined) {
        response.writeHead(404, { "Content-Type": "application/json" });
        response.end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
      } else {
        const headers = { "Content-Type": content.type, "Docker-Content-Digest": digestOf(content.body) };
        response.writeHead(200, { ...headers, "Content-Length": content.body.length });
        response.end(request.method === "HEAD" ? undefined : content.body);
      }
    });
    return registry;
  }

  /** Publishes an image with one file under a tag, which stands for it from now on. */
  async publish(tag: string, file: { readonly path: string; readonly content: string }): Promise<void> {
    const tar = pack();
    tar.entry({ name: file.path }, file.content);
    tar.finalize();
    const layer = await readAll(tar as AsyncIterable<Buffer>);
    const config = JSON.stringify({
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      os: "linux",
      config: {},
      rootfs: { type: "layers", diff_ids: [digestOf(layer)] },
    });
    const parts = {
      config: this.put(TYPE.config, Buffer.from(config)),
      layer: this.put(TYPE.layer, gzipSync(layer)),
    };
    const manifest = { schemaVersion: 2, mediaType: TYPE.manifest, config: parts.config, layers: [parts.layer] };
    const body = Buffer.from(JSON.stringify(manifest));
    this.put(TYPE.manifest, body);
    this.contents.set(tag, { type: TYPE.manifest, body });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private put(
    type: string,
    body: Buffer,
  ): { readonly mediaType: string; readonly size: number; readonly digest: string } {
    const digest = digestOf(body);
    this.contents.set(digest, { type, body });
    return { mediaType: type, size: body.length, digest };
  }
}

/** The name in a request with this password. */
function nameOf({ headers }: IncomingMessage, password: string): string | undefined {
  const [, encoded = ""] = /^Basic (.+)$/.exec(headers.authorization ?? "") ?? [];
  const text = Buffer.from(encoded, "base64").toString("utf8");
  return text.endsWith(`:${password}`) ? text.slice(0, -password.length - 1) : undefined;
}

function digestOf(content: Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

async function readAll(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) {
    all.push(chunk);
  }
  return Buffer.concat(all);
}
