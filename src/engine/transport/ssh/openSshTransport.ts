import type { Agent } from "node:http";
import { tmpdir } from "node:os";
import { isProgram } from "../isProgram";
import { findProgram } from "../findProgram";
import type { Transport } from "../Transport";
import type { SshAddress } from "./sshArguments";
import { SshTransport } from "./SshTransport";

/** The way to an engine through the system's own ssh, whose configuration and known hosts hold. */
export function openSshTransport(address: SshAddress, agent: Agent): Transport {
  const { platform } = process;
  return new SshTransport(address, {
    agent,
    platform,
    temporaryFolder: tmpdir(),
    // Read when it is needed: PATH and SSH_AUTH_SOCK may have changed.
    env: () => process.env,
    findSsh: () => findProgram("ssh", { platform, env: process.env, isProgram }),
  });
}
