import { constants, lstatSync, type Dirent, type Stats } from "node:fs";
import type { FileCalls } from "../../src/core/fingerprint/scan/FileCalls";

/** As statfs(2) numbers ext4. */
const EXT = 0xef53;

interface Inode {
  readonly ino: number;
  readonly dev: number;
  readonly type: number;
  mode: number;
  content: Buffer;
  readonly names: Map<string, Inode>;
  mtime: number;
  ctime: number;
}

/**
 * Files in memory with a clock of their own, for what no real file system lets a test do at will: times in coarse steps,
 * changes within one step, inodes that are used again at once, and mounts. Changes that make no sense do nothing.
 */
export class MemoryFiles implements FileCalls {
  /** In milliseconds; each call of a file system moves it on by `callMs`. */
  now = 1_000_000;
  callMs = 0;
  /** Times are multiples of it. */
  step = 1;
  /** Whether what is renamed gets another ctime, which not every file system gives it. */
  renameTells = true;
  /** Whether a name is found whatever its capitals. */
  foldsCase = false;
  /** What was read, folders and files, as a scan asks for it: "readdir d", "open d/a". */
  readonly reads: string[] = [];
  /** Called before each call. */
  onCall: () => void = () => undefined;
  readonly #used = new Set<number>();
  readonly #root: Inode;
  readonly #open = new Map<number, { readonly inode: Inode; offset: number }>();
  readonly #mounts = new Map<Inode, Inode>();
  #lastFile = 0;

  constructor(private readonly folder: string) {
    this.#root = this.#make(constants.S_IFDIR, 0o755);
  }

  write(path: string, content: string): void {
    const found = this.#find(path);
    if (found === undefined) {
      this.#add(path, () => Object.assign(this.#make(constants.S_IFREG, 0o644), { content: Buffer.from(content) }));
    } else if (found.type === constants.S_IFREG) {
      found.content = Buffer.from(content);
      found.mtime = found.ctime = this.#time();
    }
  }

  mkdir(path: string): void {
    this.#add(path, () => this.#make(constants.S_IFDIR, 0o755));
  }

  symlink(path: string, target: string): void {
    this.#add(path, () => Object.assign(this.#make(constants.S_IFLNK, 0o777), { content: Buffer.from(target) }));
  }

  socket(path: string): void {
    this.#add(path, () => this.#make(constants.S_IFSOCK, 0o755));
  }

  link(from: string, path: string): void {
    const inode = this.#find(from);
    if (inode !== undefined && inode.type !== constants.S_IFDIR) {
      this.#add(path, () => inode);
      inode.ctime = this.#time();
    }
  }

  chmod(path: string, mode: number): void {
    const inode = this.#find(path);
    if (inode !== undefined && inode.type !== constants.S_IFLNK) {
      inode.mode = mode;
      inode.ctime = this.#time();
    }
  }

  /** Sets the mtime, which anybody may; the ctime tells that it was done. */
  utimes(path: string, mtime: number): void {
    const inode = this.#find(path);
    if (inode !== undefined) {
      inode.mtime = mtime;
      inode.ctime = this.#time();
    }
  }

  mtimeOf(path: string): number {
    return this.#find(path)?.mtime ?? 0;
  }

  remove(path: string): void {
    const [parent, name] = this.#place(path);
    const inode = parent?.names.get(name);
    if (parent !== undefined && inode !== undefined) {
      parent.names.delete(name);
      parent.mtime = parent.ctime = this.#time();
      this.#free(inode);
    }
  }

  rename(from: string, to: string): void {
    const [parent, name] = this.#place(from);
    const inode = parent?.names.get(name);
    const [target, newName] = this.#place(to);
    if (parent === undefined || inode === undefined || target === undefined || `${to}/`.startsWith(`${from}/`)) {
      return;
    }
    if (`${from}/`.startsWith(`${to}/`)) {
      return;
    }
    const replaced = target.names.get(newName);
    if (replaced !== undefined && replaced !== inode) {
      this.#free(replaced);
    }
    parent.names.delete(name);
    target.names.set(newName, inode);
    parent.mtime = parent.ctime = target.mtime = target.ctime = this.#time();
    inode.ctime = this.renameTells ? this.#time() : inode.ctime;
  }

  /** Puts an empty file or folder of another file system on what is there, or takes it away. Nothing else tells. */
  mount(path: string): void {
    const [parent, name] = this.#place(path);
    const inode = parent?.names.get(name);
    if (inode === undefined || this.#mounts.delete(inode)) {
      return;
    }
    const type = inode.type === constants.S_IFDIR ? constants.S_IFDIR : constants.S_IFREG;
    this.#mounts.set(inode, { ...this.#make(type, 0o755), dev: 2, mtime: 1, ctime: 1 });
  }

  readonly lstat = (path: string): Stats => {
    this.#called();
    return statsOf(this.#require(path));
  };

  readonly readNames = (folder: string): string[] => {
    this.#called();
    this.reads.push(`readdir ${folder.slice(this.folder.length + 1)}`);
    const { type, names } = this.#require(folder);
    if (type !== constants.S_IFDIR) {
      throw failure("ENOTDIR");
    }
    return [...names.keys()];
  };

  readonly readKinds = (): Dirent[] => {
    throw new Error("no test needs this");
  };

  readonly readNameBytes = (folder: string): Buffer[] => this.readNames(folder).map((name) => Buffer.from(name));

  readonly readLink = (path: string): Buffer => {
    this.#called();
    return this.#require(path).content;
  };

  readonly open = (path: string): number => {
    this.#called();
    this.reads.push(`open ${path.slice(this.folder.length + 1)}`);
    const inode = this.#require(path);
    if (inode.type !== constants.S_IFREG) {
      throw failure(inode.type === constants.S_IFLNK ? "ELOOP" : "ENXIO");
    }
    this.#open.set(++this.#lastFile, { inode, offset: 0 });
    return this.#lastFile;
  };

  readonly fstat = (file: number): Stats => {
    this.#called();
    return statsOf(this.#opened(file).inode);
  };

  readonly read = (file: number, buffer: Uint8Array, length: number): number => {
    this.#called();
    const opened = this.#opened(file);
    const piece = opened.inode.content.subarray(opened.offset, opened.offset + length);
    buffer.set(piece);
    opened.offset += piece.length;
    return piece.length;
  };

  readonly close = (file: number): void => {
    this.#open.delete(file);
  };

  readonly fileSystem = (): number => EXT;

  #called(): void {
    this.now += this.callMs;
    this.onCall();
  }

  #time(): number {
    return Math.floor(this.now / this.step) * this.step;
  }

  #make(type: number, mode: number): Inode {
    let ino = 2;
    while (this.#used.has(ino)) {
      ino++;
    }
    this.#used.add(ino);
    const now = this.#time();
    return { ino, dev: 1, type, mode, content: Buffer.alloc(0), names: new Map(), mtime: now, ctime: now };
  }

  #add(path: string, make: () => Inode): void {
    const [parent, name] = this.#place(path);
    if (parent?.names.has(name) === false) {
      const inode = make();
      parent.names.set(name, inode);
      parent.mtime = parent.ctime = this.#time();
    }
  }

  #free(inode: Inode): void {
    if (!this.#isNamed(inode)) {
      this.#used.delete(inode.ino);
      this.#mounts.delete(inode);
      inode.names.forEach((each) => {
        this.#free(each);
      });
    }
  }

  #isNamed(inode: Inode, folder: Inode = this.#root): boolean {
    return [...folder.names.values()].some((each) => each === inode || this.#isNamed(inode, each));
  }

  /** The folder that holds it, and its name there. */
  #place(path: string): readonly [Inode | undefined, string] {
    const slash = path.lastIndexOf("/");
    const parent = this.#find(path.slice(0, Math.max(slash, 0)));
    return [parent?.type === constants.S_IFDIR ? parent : undefined, path.slice(slash + 1)];
  }

  #find(path: string): Inode | undefined {
    let inode: Inode | undefined = this.#root;
    for (const name of path.split("/").filter((each) => each !== "")) {
      const next: Inode | undefined = inode.type === constants.S_IFDIR ? this.#named(inode, name) : undefined;
      if (next === undefined) {
        return undefined;
      }
      inode = this.#mounts.get(next) ?? next;
    }
    return inode;
  }

  #named({ names }: Inode, name: string): Inode | undefined {
    const folded = this.foldsCase ? [...names.keys()].find((each) => each.toLowerCase() === name.toLowerCase()) : name;
    return folded === undefined ? undefined : names.get(folded);
  }

  #require(path: string): Inode {
    const inode = this.#find(path.slice(this.folder.length));
    if (inode === undefined) {
      throw failure("ENOENT");
    }
    return inode;
  }

  #opened(file: number): { readonly inode: Inode; offset: number } {
    const opened = this.#open.get(file);
    if (opened === undefined) {
      throw failure("EBADF");
    }
    return opened;
  }
}

function statsOf({ ino, dev, type, mode, content, mtime, ctime }: Inode): Stats {
  const fields = { ino, dev, mode: type | mode, size: content.length, mtimeMs: mtime, ctimeMs: ctime };
  return Object.assign(lstatSync("."), fields);
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
