import type { ContextSelection } from "../selection/ContextSelection";
import type { StatCachePlace } from "./StatCacheFile";

/** What of a build context is to be read. Plain data: it goes to another thread. */
export interface ScanRequest {
  /** Absolute path of the context's folder. */
  readonly root: string;
  /** The valid patterns of the ignore file. */
  readonly ignore: readonly string[];
  readonly selection: ContextSelection;
  /** Undefined reads every file. */
  readonly cache: StatCachePlace | undefined;
  /** Whose state is to be kept, and gone on from, if only a few paths have changed since; see ContextWatch. */
  readonly watch?: { readonly id: string; readonly changed: readonly string[] | undefined } | undefined;
}
