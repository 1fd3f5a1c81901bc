import { createServer } from "node:http";
import { canWrite } from "./canWrite";
import { program, shell } from "./ConformanceProgram";
import { whenAborted } from "./whenAborted";

/** Names that an engine's own notations for mounts trip over; a colon is not among them, Podman cannot have it. */
export const ODD_NAMES = [
  "a,b",
  'quote"d',
  "it's",
  "two  spaces ",
  "naïve 日本",
  "equal=s",
  "-dash",
  "per%2ecent",
  "back\\slash",
] as const;

/** What looks at mounts, and at ports. */
export const MOUNT = {
  readOdd: shell(ODD_NAMES.map((_, index) => `cat /odd/${String(index)}/name`).join("; "), ({ write, files }) => {
    ODD_NAMES.forEach((_, index) => {
      write("stdout", files.read(`/odd/${String(index)}/name`));
    });
    return 0;
  }),
  writeReadOnly: shell(
    "cat /mounted/given; echo made > /mounted/made && echo wrote || echo refused",
    ({ write, files }) => {
      write("stdout", files.read("/mounted/given"));
      write("stdout", canWrite(files, "/mounted/made", "made\n") ? "wrote\n" : "refused\n");
      return 0;
    },
  ),
  scratch: shell(
    "echo kept > /scratch/file; cat /scratch/file; grep ' /scratch ' /proc/mounts; dd if=/dev/zero of=/scratch/big bs=1M count=2 2>/dev/null || echo full",
    ({ write, files, mounts }) => {
      files.write("/scratch/file", "kept\n");
      write("stdout", files.read("/scratch/file"));
      for (const mount of mounts) {
        if (mount.kind === "tmpfs") {
          write("stdout", `tmpfs ${mount.target} tmpfs rw,size=${String((mount.sizeBytes ?? 0) / 1024)}k 0 0\nfull\n`);
        }
      }
      return 0;
    },
  ),
  writeShared: shell("echo shared > /shared/file", ({ files }) => {
    files.write("/shared/file", "shared\n");
    return 0;
  }),
  readShared: shell("cat /shared/file", ({ write, files }) => {
    write("stdout", files.read("/shared/file"));
    return 0;
  }),
  serve: program(["httpd", "-f", "-p", "8000", "-h", "/etc"], async ({ files, ports, gone }) => {
    const server = createServer((request, response) => {
      response.end(files.read(`/etc${request.url ?? ""}`));
    });
    server.listen(ports[0]?.hostPort, ports[0]?.hostIp);
    await whenAborted(gone);
    server.close();
    return 0;
  }),
} as const;
