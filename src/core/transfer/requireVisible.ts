import { CopyInError } from "../errors/transferErrors";
import { hiddenByTmpfs, type HiddenByTmpfsOptions } from "./hiddenByTmpfs";

/** Rejects with CopyInError where the container's programs would not see what is copied to a path. */
export async function requireVisible(options: HiddenByTmpfsOptions & { readonly source: string }): Promise<void> {
  const tmpfs = await hiddenByTmpfs(options);
  if (tmpfs !== undefined) {
    throw new CopyInError(
      options.source,
      `${tmpfs} is a tmpfs mount, which Docker cannot copy to. Mount a volume there, or choose another target.`,
    );
  }
}
