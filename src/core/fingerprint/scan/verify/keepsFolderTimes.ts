/** Of statfs(2), as Linux numbers them. */
const FILE_SYSTEMS = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0x2fc12fc1, // zfs
  0xf2f52010, // f2fs
  0x794c7630, // overlayfs
  0x01021994, // tmpfs
]);

/**
 * Whether a file system is one of those that give a folder another mtime and ctime whenever a name in it comes, goes or
 * stands for something else. On a network, in a FUSE or where another system does the writing, nobody can say.
 *
 * @param type as statfs(2) tells it.
 */
export function keepsFolderTimes(type: number, platform: NodeJS.Platform = process.platform): boolean {
  return platform === "linux" && FILE_SYSTEMS.has(type);
}
