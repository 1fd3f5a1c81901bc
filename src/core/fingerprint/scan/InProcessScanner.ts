import type { ContextScanner, ContextSnapshot, ScanOptions } from "./ContextScanner";
import { decodeCounting, decodeSent } from "./decodeEntries";
import { FILE_CALLS, type FileCalls } from "./FileCalls";
import { packTable } from "./packTable";
import type { ScanRequest } from "./ScanRequest";
import type { ShareJob } from "./shared/sharedJobs";
import { SnapshotKeeper } from "./SnapshotKeeper";

/** Scans in this thread, which does nothing else meanwhile: for tests. */
export class InProcessScanner implements ContextScanner {
  readonly #keeper = new SnapshotKeeper();

  /** @param share what stands for another thread; it may do its part at once. */
  constructor(
    private readonly calls: FileCalls = FILE_CALLS,
    private readonly share: ShareJob = () => undefined,
  ) {}

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is to reject
  async scan(request: ScanRequest, { signal }: ScanOptions = {}): Promise<ContextSnapshot> {
    const checkpoint = (): void => signal?.throwIfAborted();
    const { snapshot, save } = this.#keeper.scan(request, { calls: this.calls, checkpoint, share: this.share });
    save();
    const table = this.#keeper.table(snapshot.id, request.root);
    const { digest, count, bytes, id } = snapshot;
    return {
      digest,
      count,
      bytes,
      entries: async () => decodeSent(packTable(table)),
      inputs: async () => decodeCounting(packTable(table)),
      release: () => {
        this.#keeper.release(id);
      },
    };
  }

  unwatch(id: string): void {
    this.#keeper.unwatch(id);
  }
}
