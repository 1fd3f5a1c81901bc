import type { EngineKind } from "../../src/core/ports/EngineInfo";
import type { PeerRoutes } from "./FaultyPeer";
import { chunked, frame, json, reply, untilClosed, upgraded, type PeerAnswer } from "./peerAnswers";

export const CONTAINER = "c";
export const EXEC_ID = "e".repeat(64);
const IMAGE_ID = `sha256:${"a".repeat(64)}`;

const VERSION = { Version: "28.5.2", ApiVersion: "1.51", Os: "linux", Arch: "amd64", Components: [] };
const PODMAN = { ...VERSION, Version: "5.8.6", ApiVersion: "1.44", Components: [{ Name: "Podman Engine" }] };

const line = (value: unknown): string => `${JSON.stringify(value)}\r\n`;
const done: PeerAnswer = reply("", { status: 204 });

const pathStat = (mode: number): PeerAnswer =>
  reply("", {
    headers: {
      "X-Docker-Container-Path-Stat": Buffer.from(
        JSON.stringify({ name: "w", size: 0, mode, linkTarget: "" }),
      ).toString("base64"),
    },
  });

/** GET /containers/{id}/json. */
export function containerJson(Running: boolean): PeerAnswer {
  return json({
    Id: "c".repeat(64),
    Name: `/${CONTAINER}`,
    Image: IMAGE_ID,
    State: { Status: Running ? "running" : "exited", Running, ExitCode: 5 },
    Config: { Labels: {}, Tty: false },
  });
}

/** GET /exec/{id}/json. */
export function execJson(Running: boolean): PeerAnswer {
  return json({ Running, ExitCode: Running ? null : 5, CanRemove: !Running, ContainerID: CONTAINER });
}

/** Of a tar with nothing in it: two blocks of zeros. */
const EMPTY_TAR = new Uint8Array(1024);

/** What an engine that is all right answers to what the calls of engineCalls.ts ask; a fault takes the place of one of these. */
export function soundPeer(kind: EngineKind): PeerRoutes {
  const FOLDER = 2 ** 31 + 0o755;
  const stats = { read: "2026-01-01T00:00:00.5Z", cpu_stats: { cpu_usage: { total_usage: 1e9 } } };
  const noStats = { read: "0001-01-01T00:00:00Z" };
  return {
    "GET /version": json(kind === "podman" ? PODMAN : VERSION),
    "GET /info": json({ SystemTime: "2026-11-27T01:14:26.8942Z" }),
    "GET /images/busybox/json": json({ Id: IMAGE_ID, Config: {} }),
    "GET /images/json": json([{ Id: IMAGE_ID, Created: 1, Labels: {} }]),
    "POST /images/create": chunked(
      [
        line(
          kind === "podman"
            ? { status: "Download complete", id: "a".repeat(12) }
            : { status: "Status: Downloaded newer image for busybox:latest" },
        ),
      ],
      "end",
    ),
    [`GET /images/${"a".repeat(12)}/json`]: json({ Id: IMAGE_ID, Config: {} }),
    "GET /images/busybox:latest/json": json({ Id: IMAGE_ID, Config: {} }),
    "POST /images/r.invalid/busybox/push": chunked(
      [line({ status: `latest: digest: ${IMAGE_ID} size: 5` }), line({ aux: { Tag: "latest", Digest: IMAGE_ID } })],
      "end",
    ),
    "POST /images/busybox/tag": reply("", { status: 201 }),
    "DELETE /images/busybox": json([{ Untagged: "busybox:latest" }]),
    "POST /session": upgraded([], "stay"),
    "POST /build": chunked([line({ id: "moby.image.id", aux: { ID: IMAGE_ID } })], "end"),
    "POST /containers/create": reply(JSON.stringify({ Id: "c".repeat(64) }), { status: 201 }),
    "POST /containers/c/start": done,
    "POST /containers/c/stop": done,
    "POST /containers/c/restart": done,
    "POST /containers/c/kill": done,
    "DELETE /containers/c": done,
    "POST /containers/c/wait": json({ StatusCode: 0 }),
    "GET /containers/c/json": containerJson(true),
    "GET /containers/json": json([{ Id: "c".repeat(64), Image: "busybox", State: "running", Created: 1 }]),
    "POST /containers/c/attach": untilClosed([frame("stdout", "hello\n")], "end"),
    "GET /containers/c/logs": untilClosed([frame("stdout", "hello\n")], "end"),
    "GET /containers/c/stats": kind === "podman" ? json(noStats) : chunked([line(stats), line(noStats)], "end"),
    "POST /containers/c/exec": reply(JSON.stringify({ Id: EXEC_ID }), { status: 201 }),
    [`POST /exec/${EXEC_ID}/start`]: untilClosed([frame("stdout", "hello\n")], "end"),
    [`GET /exec/${EXEC_ID}/json`]: execJson(false),
    "HEAD /containers/c/archive": pathStat(FOLDER),
    "PUT /containers/c/archive": reply(""),
    "GET /containers/c/archive": chunked([EMPTY_TAR], "end"),
    "GET /volumes": json({ Volumes: [{ Name: "v" }] }),
    "GET /volumes/v": json({ Name: "v" }),
    "DELETE /volumes/v": done,
    "GET /events": chunked([], "stay"),
  };
}
