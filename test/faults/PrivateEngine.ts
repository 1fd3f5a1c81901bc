import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { DockerodeEngine, type DockerodeEngineOptions } from "../../src/engine/DockerodeEngine";
import { processesWith } from "../integration/processes";

const run = promisify(execFile);
const ROOT = join(__dirname, "..", "..");
const UP_WITHIN_MS = 180_000;

/** An engine that nobody else uses, so that it can be killed: one of those that scripts/engines.mjs can start. */
export class PrivateEngine {
  private socketPath = "";

  constructor(readonly name: "faults-docker" | "faults-podman") {}

  /** Starts it, also after it was killed. */
  async up(): Promise<void> {
    const { stdout } = await this.engines("up");
    const [, path] = / unix:\/\/(\S+)\s*$/m.exec(stdout) ?? [];
    if (path === undefined) {
      throw new Error(`${this.name} is not up: ${stdout}`);
    }
    this.socketPath = path;
  }

  async down(): Promise<void> {
    await this.engines("down");
  }

  get address(): string {
    return `unix://${this.socketPath}`;
  }

  connect(options?: DockerodeEngineOptions): DockerodeEngine {
    return new DockerodeEngine({ address: { kind: "unix", socketPath: this.socketPath }, source: "test" }, options);
  }

  /** Sends a signal to the daemon itself, and not to what it has started: its socket is on its command line. */
  async signal(signal: "KILL" | "STOP" | "CONT"): Promise<void> {
    const [pid, ...others] = processesWith(this.socketPath);
    if (pid === undefined || others.length > 0) {
      throw new Error(`${this.name} is ${String(others.length + (pid === undefined ? 0 : 1))} processes`);
    }
    const kill = ["kill", `-${signal}`, String(pid)];
    await (process.getuid?.() === 0 ? run("sh", ["-c", kill.join(" ")]) : run("sudo", ["-n", ...kill]));
  }

  private async engines(command: string): Promise<{ readonly stdout: string }> {
    return run(process.execPath, ["scripts/engines.mjs", command, this.name], { cwd: ROOT, timeout: UP_WITHIN_MS });
  }
}
