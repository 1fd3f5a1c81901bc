/** Whether the set-up was done in one container. Kept on this machine, and gone with the container. */
export interface SetupRecord {
  /** Digest of the set-up that was done in this container; undefined where none was, or nothing is known of it. */
  read(): Promise<string | undefined>;
  write(digest: string): Promise<void>;
  /** One set-up at a time in a container, whichever process does it. Released in `finally`. */
  lock(signal?: AbortSignal): Promise<{ release(): Promise<void> }>;
}
