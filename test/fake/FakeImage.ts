import { randomBytes } from "node:crypto";
import type { ImageConfig, Labels } from "../../src/core/ports/ContainerTypes";
import { FOLDER, FakeTree } from "./FakeTree";

export const FAKE_PLATFORM = "linux/amd64";

export interface FakeImage {
  readonly id: string;
  readonly platform: string;
  readonly labels: Labels;
  /** Seconds since 1970. */
  readonly created: number;
  readonly config: ImageConfig;
  readonly tree: FakeTree;
}

export const EMPTY_CONFIG: ImageConfig = {
  env: [],
  entrypoint: [],
  command: [],
  workingDirectory: "",
  user: "",
  exposedPorts: [],
  onBuild: [],
};

/** What is pulled, or there from the beginning: busybox under another name. */
export function newFakeImage({ platform = FAKE_PLATFORM, id = newImageId() } = {}): FakeImage {
  const tree = FakeTree.empty();
  ["/bin", "/etc", "/root", "/tmp"].forEach((folder) => {
    tree.put(folder, FOLDER);
  });
  const passwd = Buffer.from("root:x:0:0:root:/root:/bin/sh\n");
  tree.put("/etc/passwd", { kind: "file", mode: 0o644, uid: 0, gid: 0, content: passwd });
  const config = { ...EMPTY_CONFIG, env: ["PATH=/bin"], command: ["sh"] };
  return { id, platform, labels: {}, created: Math.floor(Date.now() / 1000), config, tree };
}

function newImageId(): string {
  return `sha256:${randomBytes(32).toString("hex")}`;
}
