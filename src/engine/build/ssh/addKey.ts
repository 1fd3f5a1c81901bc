import { spawn } from "node:child_process";
import { once } from "node:events";
import { messageOf } from "../../../core/errors/ExpectedError";
import { BuildSshError } from "../../../core/errors/imageErrors";

export interface AddKeyOptions {
  /** The agent's ID in the build, for errors. */
  readonly id: string;
  /** The path of ssh-add. */
  readonly program: string;
  /** With the agent's socket. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

const ADDS_WITHIN_MS = 10_000;

/**
 * Gives a private key to an agent: over stdin, since ssh-add refuses a file that others may read, which is no concern of
 * a build's. Nobody is ever asked for a passphrase: there is no terminal, and no program that would ask.
 */
export async function addKey(
  { path, content }: { readonly path: string; readonly content: Uint8Array },
  { id, program, env, signal }: AddKeyOptions,
): Promise<void> {
  const overdue = AbortSignal.timeout(ADDS_WITHIN_MS);
  const child = spawn(program, ["-q", "-"], {
    stdio: ["pipe", "ignore", "pipe"],
    // A session of its own has no terminal that it could open.
    detached: true,
    env: { ...env, SSH_ASKPASS_REQUIRE: "never", SSH_ASKPASS: "", DISPLAY: "" },
    signal: signal === undefined ? overdue : AbortSignal.any([signal, overdue]),
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2_000);
  });
  child.stdin.on("error", () => undefined);
  // ssh-add wants a line break after the last line, which an editor may have taken away.
  child.stdin.end(Buffer.concat([content, Buffer.from("\n")]));
  let code: unknown;
  try {
    [code] = (await once(child, "close")) as readonly unknown[];
  } catch (cause) {
    signal?.throwIfAborted();
    throw new BuildSshError(id, `the key ${path} could not be added to an agent (${messageOf(cause)}).`, { cause });
  }
  if (code !== 0) {
    throw new BuildSshError(
      id,
      /passphrase/i.test(said)
        ? `the key ${path} has a passphrase, which Slipway does not ask for. Add it to your agent (ssh-add ${path}), and leave the path ` +
            "out in build.ssh."
        : `the key ${path} is none that ssh-add takes (${said.trim().replaceAll("(stdin)", path)}).`,
    );
  }
}
