import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { messageOf } from "../../../core/errors/ExpectedError";
import { TransportError } from "../TransportError";
import { describeSshFailure } from "./describeSshFailure";
import { pingEngine } from "./pingEngine";
import { DEFAULT_REMOTE_SOCKET, forwardArguments, type SshAddress } from "./sshArguments";
import type { SshProcess } from "./SshProcess";

export interface TunnelOptions {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** Just started. */
  readonly ssh: SshProcess;
  readonly address: SshAddress;
  readonly sockets: { readonly control: string; readonly local: string };
  readonly signal: AbortSignal;
}

/** ssh gives up connecting after 10 s by itself; the rest is for logging in and for the engine's first word. */
const DEADLINE_MS = 15_000;
const POLL_MS = 25;

/**
 * Resolves when the engine over there has answered through the tunnel. Rejects with TransportError, the process then
 * being the caller's to stop.
 */
export async function establishTunnel(options: TunnelOptions): Promise<void> {
  const { ssh, address, sockets, signal } = options;
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort();
  }, DEADLINE_MS);
  const either = AbortSignal.any([signal, deadline.signal]);
  try {
    await loggedIn(options, either);
    await forward(options, either);
    await answers(options, either);
  } catch (error) {
    // What is left is an abort: of the caller's, or because the deadline has passed.
    if (error instanceof TransportError || !either.aborted) {
      throw error;
    }
    const what = existsSync(sockets.local) ? "the engine" : "ssh";
    await ssh.stop();
    throw signal.aborted
      ? new TransportError("no-answer", "the connection was closed")
      : new TransportError("no-answer", `${what} did not answer within ${DEADLINE_MS / 1_000} s (${address.host})`);
  } finally {
    clearTimeout(timer);
  }
}

/** The control socket is there once the login has succeeded. */
async function loggedIn({ ssh, address, sockets }: TunnelOptions, signal: AbortSignal): Promise<void> {
  while (!existsSync(sockets.control)) {
    if (ssh.isOver) {
      await ssh.ended();
      throw describeSshFailure(ssh.stderr, address);
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

async function forward({ program, env, address, sockets }: TunnelOptions, signal: AbortSignal): Promise<void> {
  try {
    // A suspended one, or a wrapper, need not end of less.
    await promisify(execFile)(program, forwardArguments(address, sockets), { env, signal, killSignal: "SIGKILL" });
  } catch (error) {
    signal.throwIfAborted();
    const { stderr } = error as { readonly stderr?: string };
    throw new TransportError("no-answer", `ssh cannot forward a socket (${(stderr ?? messageOf(error)).trim()})`);
  }
}

/** A forward to nowhere is closed at once. */
async function answers({ ssh, address, sockets }: TunnelOptions, signal: AbortSignal): Promise<void> {
  try {
    await pingEngine(sockets.local, signal);
  } catch {
    signal.throwIfAborted();
    await ssh.stop();
    const { socketPath = DEFAULT_REMOTE_SOCKET, host } = address;
    throw /open failed/.test(ssh.stderr)
      ? describeSshFailure(ssh.stderr, address)
      : new TransportError("no-answer", `what listens at ${socketPath} on ${host} closes the connection`);
  }
}
