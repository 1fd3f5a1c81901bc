import { createReadStream } from "node:fs";
import { request } from "node:http";

/** Where node:http has to connect for an endpoint; undefined for one that plain Node cannot speak to (ssh, TLS). */
export function address(endpoint) {
  const { protocol, hostname, port, pathname } = new URL(endpoint);
  const hasTls = process.env.DOCKER_TLS_VERIFY || process.env.DOCKER_TLS;
  if (protocol === "unix:") return { socketPath: decodeURIComponent(pathname) };
  if ((protocol === "tcp:" || protocol === "http:") && !hasTls) return { host: hostname, port };
  return undefined;
}

/** Whether these scripts can look into the engine themselves; Slipway reaches more than they do. */
export const canTalkTo = (endpoint) => address(endpoint) !== undefined;

/**
 * One request to an engine. Resolves once the answer's head is there.
 * @param {string} endpoint
 * @param {string} path
 * @param {{ method?: string, body?: import("node:stream").Readable, signal?: AbortSignal }} [options]
 */
function send(endpoint, path, { method = "GET", body, signal } = {}) {
  return new Promise((resolve, reject) => {
    const headers = { host: "engine", ...(body && { "content-type": "application/x-tar" }) };
    const call = request({ ...address(endpoint), path, method, headers, signal }, resolve);
    call.on("error", reject);
    if (!body) return void call.end();
    body.on("error", (error) => call.destroy(error));
    body.pipe(call);
  });
}

async function readText(response) {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return text;
}

/** A request whose answer is JSON or nothing; a status from 400 on is an error that carries it. */
export async function call(endpoint, path, options) {
  const response = await send(endpoint, path, options);
  const text = await readText(response);
  if (response.statusCode < 400) return text === "" ? undefined : JSON.parse(text);
  throw Object.assign(new Error(`${path}: ${response.statusCode} ${text.trim()}`), { statusCode: response.statusCode });
}

/** The engine's version, or undefined while it does not answer. */
export async function engineVersion(endpoint, timeout = 2000) {
  try {
    const signal = AbortSignal.timeout(timeout);
    const ping = await send(endpoint, "/_ping", { signal });
    await readText(ping);
    return ping.statusCode === 200 ? (await call(endpoint, "/version", { signal })).Version : undefined;
  } catch {
    return undefined;
  }
}

export async function hasImage(endpoint, reference) {
  try {
    await call(endpoint, `/images/${encodeURIComponent(reference)}/json`);
    return true;
  } catch (error) {
    if (error.statusCode === 404) return false;
    throw error;
  }
}

/** `POST /images/create` answers 200 and then a line of JSON for each piece of news; a failure is one of them. */
async function createImage(endpoint, query, { body, signal, onNews = () => {} } = {}) {
  const path = `/images/create?${new URLSearchParams(query)}`;
  const response = await send(endpoint, path, { method: "POST", body, signal });
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += chunk;
    onNews();
  }
  if (response.statusCode >= 400) throw new Error(text.trim());
  const failed = text.split("\n").find((line) => line.includes('"error"'));
  if (failed) throw new Error(JSON.parse(failed).error);
}

/** Makes an image of a tar of its root folder. `changes` are Dockerfile lines such as `CMD ["sh"]`. */
export async function importImage(endpoint, reference, tarFile, changes) {
  // Podman 4 passes over a tag that is given apart.
  const query = [["fromSrc", "-"], ["repo", reference], ...changes.map((change) => ["changes", change])];
  await createImage(endpoint, query, { body: createReadStream(tarFile) });
}

/** Asks a registry; gives up when none answers in time, or when nothing more comes for a minute. */
export async function pullImage(endpoint, reference, firstAnswerWithin) {
  const [fromImage, tag] = reference.split(":");
  const controller = new AbortController();
  const giveUp = () => controller.abort(new Error("no registry answers"));
  let timer = setTimeout(giveUp, firstAnswerWithin);
  const onNews = () => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, 60_000);
  };
  try {
    await createImage(endpoint, { fromImage, tag }, { signal: controller.signal, onNews });
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}
