import { program, shell } from "./ConformanceProgram";

/** What looks at files that were copied into a container. */
export const FILE = {
  look: shell(
    "cat /in/hello; for f in hello tool sub; do stat -c '%a %u %g' /in/$f; done; readlink /in/link",
    ({ write, files }) => {
      write("stdout", files.read("/in/hello"));
      for (const name of ["hello", "tool", "sub"]) {
        const node = files.node(`/in/${name}`);
        if (node !== undefined && node.kind !== "symlink") {
          write("stdout", `${node.mode.toString(8)} ${String(node.uid)} ${String(node.gid)}\n`);
        }
      }
      const link = files.node("/in/link");
      write("stdout", `${link?.kind === "symlink" ? link.target : ""}\n`);
      return 0;
    },
  ),
  makeBig: program(["dd", "if=/dev/urandom", "of=/tmp/big", "bs=1M", "count=32"], ({ files }) => {
    files.write("/tmp/big", Buffer.alloc(32 << 20, 7));
    return 0;
  }),
} as const;
