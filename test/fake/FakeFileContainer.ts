import { posix } from "node:path";
import { extract } from "tar-stream";
import { ContainerPathError, ExecError } from "../../src/core/errors/containerErrors";
import { EngineRequestError } from "../../src/core/errors/engineErrors";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { RunningProgram } from "../../src/core/ports/RunningProgram";

/** A container of which only the files matter: text by its path, "/" for a folder, "-> target" for a link. */
export class FakeFileContainer {
  readonly files = new Map<string, string>([["/", "/"]]);
  /** Owner and mode of what came in a tar. */
  readonly details = new Map<string, string>();
  calls = 0;
  hasPrograms = true;
  /** Called with each path before it is unpacked; may throw, as an engine that is lost does. */
  beforeEach: (path: string) => Promise<unknown> | undefined = () => undefined;

  get engine(): ContainerEngine {
    const calls: Pick<ContainerEngine, "statPath" | "copyTo" | "exec"> = {
      statPath: async (_, path) => Promise.resolve(this.#stat(path)),
      copyTo: async (_, folder, tar) => this.#unpack(folder, tar),
      exec: async (_, { command }) => Promise.resolve(this.#run(command)),
    };
    return calls as ContainerEngine;
  }

  #stat(path: string): Awaited<ReturnType<ContainerEngine["statPath"]>> {
    this.calls++;
    const found = this.files.get(path);
    const kind = found === "/" ? "directory" : "file";
    return found === undefined
      ? undefined
      : { name: posix.basename(path), sizeBytes: 0, kind, mode: 0, linkTarget: undefined };
  }

  async #unpack(folder: string, tar: AsyncIterable<Uint8Array>): Promise<void> {
    this.calls++;
    if (this.files.get(folder) !== "/") {
      throw new ContainerPathError("c", folder, "there is no such folder");
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of tar) {
      chunks.push(chunk);
    }
    const reader = extract();
    reader.end(Buffer.concat(chunks));
    for await (const entry of reader) {
      let content = "";
      for await (const chunk of entry) {
        content += String(chunk);
      }
      const { name, type, linkname, uid, gid, mode, pax } = entry.header;
      const path = posix.join(folder, name).replace(/\/$/, "");
      await this.beforeEach(path);
      const now = type === "directory" ? "/" : type === "symlink" ? `-> ${linkname}` : content;
      const before = this.files.get(path);
      if (before !== undefined && (before === "/") !== (now === "/")) {
        throw new EngineRequestError(400, "copying", "a folder never becomes a file");
      }
      this.files.set(path, now);
      this.details.set(
        path,
        `${(mode & 0o7777).toString(8)} ${String(uid)}:${String(gid)} ${JSON.stringify(pax ?? {})}`,
      );
    }
  }

  #run([program, ...operands]: readonly string[]): RunningProgram {
    this.calls++;
    if (!this.hasPrograms || (program !== "rm" && program !== "rmdir")) {
      throw new ExecError([program ?? ""], "not found");
    }
    for (const path of operands.slice(operands.indexOf("--") + 1)) {
      const inner = [...this.files.keys()].filter((other) => other.startsWith(`${path}/`));
      const isFolder = this.files.get(path) === "/";
      if (operands[0] === "-rf" || (program === "rm" ? !isFolder : isFolder && inner.length === 0)) {
        [path, ...inner].forEach((gone) => this.files.delete(gone));
      }
    }
    const ended: Pick<RunningProgram, "output" | "exitCode" | "close"> = {
      output: (async function* () {
        // It has nothing to say.
      })(),
      exitCode: async () => Promise.resolve(0),
      close: () => undefined,
    };
    return ended as RunningProgram;
  }
}
