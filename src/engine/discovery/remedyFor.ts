import type { EngineAttempt, EngineProblem, EngineRemedy } from "../../core/errors";
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

  const denied = first("no-permission");
  if (denied !== undefined) {
    return {
      action: "permission",
      advice: `You may not use the container engine at ${denied.address}. ${permission(environment)}`,
    };
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

function permission({ platform }: EndpointEnvironment): string {
  return platform === "linux"
    ? 'For Docker, add your user to its group ("sudo usermod -aG docker $USER") and log in again; or choose another engine.'
    : "Have the owner of the socket let you use it, or choose another engine.";
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
