import type { EngineAttempt, EngineProblem, EngineRemedy } from "../../core/errors/engineErrors";
import { findProgram } from "../transport/findProgram";
import type { EndpointEnvironment } from "./EndpointEnvironment";

const CHOOSE =
  "say which engine to use (in VS Code with Slipway: Select Engine…, on the command line with --engine, or with DOCKER_HOST)";

/** Of a place that was named: starting an engine would not help. */
const UNUSABLE: ReadonlySet<EngineProblem> = new Set([
  ...(["bad-address", "unknown-context", "unknown-host", "no-program", "not-an-engine"] as const),
]);

/**
 * The one thing to do when no engine was found. What is nearest to an engine decides: a place that somebody has named
 * before a default one, and an engine that may not be used before one that does not run.
 */
export function remedyFor(attempts: readonly EngineAttempt[], environment: EndpointEnvironment): EngineRemedy {
  const named = attempts.filter(({ isDefault }) => isDefault !== true);
  const first = (...problems: readonly EngineProblem[]): EngineAttempt | undefined =>
    attempts.find(({ problem }) => problems.includes(problem));

  const denied = attempts.find((attempt) => attempt.problem === "no-permission" && isMeant(attempt));
  if (denied !== undefined) {
    return { action: "permission", advice: permission(denied, environment) };
  }
  const refused = first("login-refused");
  if (refused !== undefined) {
    return { action: "login", advice: `The login to ${refused.address} fails: ${refused.detail}.` };
  }
  const untrusted = first("bad-certificate");
  if (untrusted !== undefined) {
    return {
      action: "certificate",
      advice: `TLS with ${untrusted.address} fails: ${untrusted.detail}. Mend the certificates, or ${CHOOSE}.`,
    };
  }
  const old = first("too-old");
  if (old !== undefined) {
    return { action: "upgrade", advice: `Upgrade the container engine, or ${CHOOSE}: ${old.detail}.` };
  }
  if (named.some(({ problem }) => UNUSABLE.has(problem))) {
    return {
      action: "choose",
      advice: `The container engine that was chosen cannot be used. Mend that, or ${CHOOSE}.`,
    };
  }
  if (named.length > 0) {
    return { action: "start", advice: `No container engine answers. Start Docker or Podman, or ${CHOOSE}.` };
  }
  const programs = ["docker", "podman"].filter((name) => findProgram(name, environment) !== undefined);
  return attempts.every(({ problem }) => problem === "not-found") && programs.length === 0
    ? { action: "install", advice: `No container engine was found. Install Docker or Podman, or ${CHOOSE}.` }
    : { action: "start", advice: `No container engine answers. ${start(programs, environment)}, or ${CHOOSE}.` };
}

/** Docker's own socket, wherever it is: who is in the group may use it, but for a rootless one, which is its user's. */
const DOCKER_SOCKET = /^unix:\/\/(?!\/run\/user\/|\/home\/).*\/docker\.sock$/;

/**
 * Whether a place that is closed to the user is the one to talk of. Where Podman is installed, root's socket is closed to
 * all others; they have one of their own, which only has to be started.
 */
function isMeant({ address, isDefault }: EngineAttempt): boolean {
  return isDefault !== true || DOCKER_SOCKET.test(address);
}

function permission({ address, detail }: EngineAttempt, { platform }: EndpointEnvironment): string {
  const isSocket = /^(unix|npipe):/.test(address);
  const isDocker = platform === "linux" && DOCKER_SOCKET.test(address);
  // Behind ssh it is the server over there that says no, and nothing on this machine would help.
  const advice = isDocker
    ? 'Add your user to Docker\'s group ("sudo usermod -aG docker $USER") and log in again'
    : isSocket
      ? "Have the owner of the socket let you use it"
      : "Have it allowed over there";
  return `The container engine at ${address} may not be used: ${detail}. ${advice}, or ${CHOOSE}.`;
}

/** Podman alone listens nowhere until it is told to, which its users need not know. */
function start(programs: readonly string[], { platform }: EndpointEnvironment): string {
  if (programs.length === 1 && programs[0] === "podman") {
    return platform === "linux"
      ? 'Have Podman listen ("systemctl --user enable --now podman.socket")'
      : 'Start Podman ("podman machine start")';
  }
  return programs.length === 1 ? "Start Docker" : "Start Docker or Podman";
}
