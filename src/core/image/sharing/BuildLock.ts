import { createHash, randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { CACHE_FOLDER_REMEDY } from "../../cacheFolder";
import { messageOf } from "../../errors/ExpectedError";
import { makeFolder } from "../../makeFolder";
import { currentOwner, ownerState, type Owner } from "../../owner";
import { isHeldBy, placeAfter, readChain, refreshChain, removeChain } from "./LockChain";
import { placeLink, type LockLink } from "./LockLink";
import { Patience } from "./Patience";
import { sweepLocks } from "./sweepLocks";

/** In milliseconds, like all that follows. */
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;
const REFRESH_MS = 5_000;
/** A holder whose process cannot be seen from here counts as dead when it has not refreshed its lock for so long. */
const UNSEEN_MS = 30_000;
/** One whose process is there, but stopped (Ctrl-Z, a debugger) or has forgotten its lock. */
const IDLE_MS = 120_000;
/**
 * A lock whose holder cannot be seen, and that was not refreshed for so long, is a dead one's. At one look nothing but
 * the file's time says so, which may be that of another machine's clock.
 */
const FORGOTTEN_MS = 3_600_000;
/** How often a lock that nobody has may not be made: Windows refuses it for a moment after it was removed. */
const MOST_REFUSALS = 20;

/** What the lock asks the machine; tests have their own. */
export interface LockMachine {
  readonly owner: () => Owner;
  readonly stateOf: typeof ownerState;
  /** A clock that only goes forward. */
  readonly now: () => number;
  readonly pause: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** @returns what ends it. */
  readonly repeat: (ms: number, action: () => void) => () => void;
}

const THIS_MACHINE: LockMachine = {
  owner: currentOwner,
  stateOf: ownerState,
  now: () => performance.now(),
  pause: async (ms, signal) => setTimeout(ms, undefined, { signal }),
  repeat: (ms, action) => {
    const timer = setInterval(action, ms).unref();
    return () => {
      clearInterval(timer);
    };
  },
};

export interface LockEvent {
  /** "waiting" comes at most once; "warning" if there is no lock, without which all the same goes on. */
  readonly type: "waiting" | "warning";
  /** For people. */
  readonly message: string;
}

export interface HeldLock {
  /** Never rejects; a second call does nothing. */
  readonly release: () => Promise<void>;
}

/**
 * A lock among all processes of this user, on this machine and on those with which it shares its cache folder. Ends with
 * its holder: one that died, or is silent for 30 seconds where its process cannot be seen, is followed by exactly one of
 * those who wait. There is no order among them.
 */
export class BuildLock {
  private readonly machine: LockMachine;

  /** @param folder in which the locks are, made when first needed. */
  constructor(
    private readonly folder: string,
    machine: Partial<LockMachine> = {},
  ) {
    this.machine = { ...THIS_MACHINE, ...machine };
  }

  /**
   * Waits until nobody else has it. To be released in `finally`.
   *
   * Where it cannot be taken, as in a folder that cannot be written, there is a warning, and what is returned holds
   * nothing: two builds of one image are a waste, but no harm.
   *
   * @param key what must not be done twice at the same time: an engine's address and an image's reference.
   * @param options the signal ends the waiting at once, with its reason.
   */
  async *acquire(
    key: string,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<LockEvent, HeldLock> {
    const path = this.pathOf(key);
    const attempt = new Attempt(path, this.machine);
    try {
      signal?.throwIfAborted();
      await makeFolder(this.folder);
      let told = false;
      for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
        const { held, holder } = await attempt.take();
        if (held) {
          return this.hold(path, attempt);
        }
        if (holder !== undefined && !told) {
          told = true;
          yield { type: "waiting", message: describe(holder.owner, this.machine.owner()) };
        }
        await this.machine.pause(pause, signal);
      }
    } catch (error) {
      signal?.throwIfAborted();
      yield {
        type: "warning",
        message:
          `The lock that keeps two builds of the same image apart could not be taken in ${this.folder} ` +
          `(${messageOf(error)}): if another Slipway builds this image now, it is built twice. ${CACHE_FOLDER_REMEDY}`,
      };
      return { release: async () => Promise.resolve() };
    }
  }

  /**
   * Whether somebody has it now, as far as can be told at one look: who is silent may be dead. Where locks cannot be
   * read, nobody can have one.
   */
  async isHeld(key: string): Promise<boolean> {
    const last = (await readChain(this.pathOf(key)).catch(() => [])).at(-1);
    if (last === undefined) {
      return false;
    }
    switch (last.owner === undefined ? "unknown" : this.machine.stateOf(last.owner)) {
      case "dead":
        return false;
      case "alive":
        return true;
      case "unknown":
        return Date.now() - last.modifiedMs < FORGOTTEN_MS;
    }
  }

  private pathOf(key: string): string {
    return join(this.folder, `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.lock`);
  }

  private hold(path: string, { token }: Attempt): HeldLock {
    let refreshing = Promise.resolve();
    const stop = this.machine.repeat(REFRESH_MS, () => {
      // One that cannot be refreshed is at worst taken over, after which two build the same.
      refreshing = refreshing.then(async () => refreshChain(path, token)).catch(() => undefined);
    });
    return {
      release: async () => {
        stop();
        await refreshing;
        // One that stays is not refreshed any more, and counts as dead after a while.
        await removeChain(path, token).catch(() => undefined);
        await sweepLocks(this.folder, this.machine.stateOf);
      },
    };
  }
}

/** One caller's way to a lock. */
class Attempt {
  readonly token = randomUUID();
  private refusals = 0;
  private readonly patience: Patience;

  constructor(
    private readonly path: string,
    private readonly machine: LockMachine,
  ) {
    this.patience = new Patience(machine.now, LONGEST_PAUSE_MS);
  }

  /** @returns whether the lock is held now, else by whom, unless somebody was faster just now. */
  async take(): Promise<{ readonly held: boolean; readonly holder?: LockLink }> {
    const last = (await readChain(this.path)).at(-1);
    if (last !== undefined && !this.isDead(last)) {
      return { held: false, holder: last };
    }
    const place = last === undefined ? this.path : placeAfter(this.path, last.token);
    const placing = await placeLink({ path: place, token: this.token, owner: this.machine.owner() });
    if (placing !== "made") {
      this.refusals += placing === "refused" ? 1 : 0;
      if (this.refusals > MOST_REFUSALS) {
        throw new Error(`${place} cannot be made`);
      }
      return { held: false };
    }
    let held = false;
    try {
      // Whoever it was to be taken over from may have been followed by another, who has released it by now.
      held = isHeldBy(await readChain(this.path), this.token);
    } finally {
      if (!held) {
        await rm(place, { force: true });
      }
    }
    return { held };
  }

  private isDead(link: LockLink): boolean {
    const unrefreshedMs = this.patience.look(link);
    switch (link.owner === undefined ? "unknown" : this.machine.stateOf(link.owner)) {
      case "dead":
        return true;
      case "unknown":
        return unrefreshedMs > UNSEEN_MS;
      case "alive":
        return unrefreshedMs > IDLE_MS;
    }
  }
}

function describe(holder: Owner | undefined, self: Owner): string {
  const where = holder === undefined || holder.host === self.host ? "" : ` on ${holder.host}`;
  const who =
    holder === undefined
      ? "Another Slipway"
      : holder.host === self.host && holder.pidNamespace === self.pidNamespace && holder.pid === self.pid
        ? "Another run of this Slipway"
        : `Another Slipway (process ${String(holder.pid)}${where})`;
  return `${who} is building this image: waiting for it`;
}
