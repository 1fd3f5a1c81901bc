import type { Socket } from "node:net";
import { head, reply, upgraded, type PeerAnswer } from "./peerAnswers";

/** What a fault is to whoever asked. */
type FaultKind =
  /** Nothing comes, or nothing that ends. */
  | "hangs"
  /** The connection breaks before the answer is whole, or what comes is no HTTP. */
  | "lost"
  /** A whole answer 200 that is not of the form that was asked for. */
  | "unreadable"
  /** Any other status. */
  | "refusal";

export interface Fault {
  readonly name: string;
  readonly kind: FaultKind;
  readonly answer: PeerAnswer;
  /** Of a refusal. */
  readonly status?: number;
}

const DRIP_MS = 5;
const TEN_MB = 10 * (1 << 20);

/** One byte after the other, without end. */
function drip(first: string, byte: string): PeerAnswer {
  return (socket) => {
    socket.write(first);
    const timer = setInterval(() => socket.write(byte), DRIP_MS);
    socket.on("close", () => {
      clearInterval(timer);
    });
  };
}

function cut(text: string): PeerAnswer {
  return (socket: Socket) => {
    socket.write(text, () => socket.destroy());
  };
}

const promised = head(200, { "Content-Length": "1000", "Content-Type": "application/json" });
const inChunks = head(200, { "Transfer-Encoding": "chunked", "Content-Type": "application/json" });
const html = "<!DOCTYPE html><html><body><h1>Sorry</h1></body></html>";

const silence: PeerAnswer = () => undefined;

/** @param elsewhere where redirections lead. */
export function faultTable(elsewhere: string): readonly Fault[] {
  const refusal = (name: string, status: number, body: string, type?: string): Fault => ({
    ...{ name: `${String(status)} ${name}`, kind: "refusal", status },
    answer: reply(body, { status, type: type ?? "application/json" }),
  });
  return [
    { name: "silence", kind: "hangs", answer: silence },
    { name: "a head that never ends", kind: "hangs", answer: drip("HTTP/1.1 200 OK\r\nX-Drip: ", "x") },
    { name: "an end before the answer", kind: "lost", answer: (socket) => socket.end() },
    { name: "a break before the answer", kind: "lost", answer: (socket) => socket.destroy() },
    { name: "half a head", kind: "lost", answer: cut("HTTP/1.1 200 OK\r\nContent-Le") },
    { name: "what is no HTTP", kind: "lost", answer: (socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n\0\xff\r\n\r\n") },
    { name: "a head and no body of a known length", kind: "lost", answer: cut(promised) },
    { name: "a head and no chunk", kind: "lost", answer: cut(inChunks) },
    { name: "half a line of a known length", kind: "lost", answer: cut(`${promised}{"status":"Pul`) },
    { name: "half a chunk", kind: "lost", answer: cut(`${inChunks}ff\r\n{"status":"Pul`) },
    { name: "a chunk of no length", kind: "lost", answer: cut(`${inChunks}zz\r\n{}\r\n`) },
    { name: "half a JSON value, said to be all", kind: "unreadable", answer: reply('{"Id": "abc", "State": {') },
    { name: "a page in place of JSON", kind: "unreadable", answer: reply(html, { type: "text/html" }) },
    { name: "nothing in place of JSON", kind: "unreadable", answer: reply("") },
    { name: "an object of another form", kind: "unreadable", answer: reply('{"unexpected":true}\n') },
    { name: "a list of another form", kind: "unreadable", answer: reply('[{"unexpected":true},7]\n') },
    { name: "a number", kind: "unreadable", answer: reply("7\n") },
    { name: "null", kind: "unreadable", answer: reply("null\n") },
    {
      ...{ name: "301 to elsewhere", kind: "refusal", status: 301 },
      answer: reply("", { status: 301, headers: { Location: elsewhere } }),
    },
    { ...refusal("to elsewhere", 307, ""), answer: reply("", { status: 307, headers: { Location: elsewhere } }) },
    ...[400, 404, 409, 500, 503].map((status) => refusal("with JSON", status, '{"message":"no such luck"}')),
    refusal("with text", 500, "no such luck\n", "text/plain"),
    refusal("with a page", 404, html, "text/html"),
    refusal("with a page", 503, html, "text/html"),
    refusal("with nothing", 500, ""),
    refusal("with nothing", 404, ""),
    refusal("with JSON of another form", 500, '["no", {"such": "luck"}]'),
    refusal("with null", 400, "null"),
    refusal("with 10 MB", 400, "x".repeat(TEN_MB), "text/plain"),
  ];
}

/** Of those that hang only once they have begun; what they are to whoever asked depends on what that is. */
export const drips: Readonly<Record<"body" | "chunks" | "frames" | "refusal" | "upgrade", PeerAnswer>> = {
  body: drip(head(200, { "Content-Length": "1000000000" }), " "),
  chunks: drip(inChunks, "1\r\n \r\n"),
  /** Without anything in them. */
  frames: drip(inChunks, "1\r\n\0\r\n"),
  refusal: drip(head(500, { "Content-Length": "1000000000" }), "x"),
  upgrade: upgraded([], "stay"),
};
