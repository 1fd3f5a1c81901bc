/** What may be left out of a log for those who read it late. */
export interface Condensing<TEvent> {
  /** How many characters of text go with the event if it is left out; undefined for one that everybody must get. */
  readonly droppable: (event: TEvent) => number | undefined;
  /** Told in the place of events that were left out, if there was text in them. */
  readonly gap: (characters: number) => TEvent;
}

/** The newest text that is kept for those who read late, in characters. */
const KEPT_CHARACTERS = 1 << 20;
/** What an event weighs besides its text, in characters, so that a million of them without text are bounded, too. */
const EVENT_CHARACTERS = 100;

class Entry<TEvent> {
  next: Entry<TEvent> | undefined;
  /** Of one that was dropped: the entry before it, which stays. */
  droppedAfter: Entry<TEvent> | undefined;

  constructor(
    readonly event: TEvent | undefined,
    /** Its text, as far as it can be left out. */
    readonly characters: number,
    readonly droppable: boolean,
    /** The text of all those before it that can be left out. */
    readonly before: number,
    /** What it and all before it weigh. */
    readonly weightSoFar: number,
  ) {}
}

/** A place in an EventLog. */
export interface LogReader<TEvent> {
  /** The next event; undefined while there is none. */
  readonly next: () => TEvent | undefined;
  /** What is written and not yet read, in characters. */
  readonly behind: () => number;
}

/**
 * Events for several readers, each from the beginning. All that cannot be dropped is kept; of the rest the newest
 * million characters are, however slowly somebody reads: who comes late, or falls behind by more than that, gets the
 * others without them, and is told how much is missing and where.
 */
export class EventLog<TEvent extends object> {
  private readonly head = new Entry<TEvent>(undefined, 0, false, 0, 0);
  private tail = this.head;
  /** Nothing from the head to here can be dropped. */
  private kept = this.head;
  private held = 0;

  constructor(
    private readonly condensing: Condensing<TEvent>,
    private readonly limit = KEPT_CHARACTERS,
  ) {}

  push(event: TEvent): void {
    const characters = this.condensing.droppable(event);
    const { before, characters: last, weightSoFar } = this.tail;
    const weight = EVENT_CHARACTERS + (characters ?? 0);
    const entry = new Entry(event, characters ?? 0, characters !== undefined, before + last, weightSoFar + weight);
    this.tail.next = entry;
    this.tail = entry;
    if (entry.droppable) {
      this.held += weight;
      while (this.held > this.limit && this.dropOldest()) {
        // Each round frees one entry.
      }
    }
  }

  reader(): LogReader<TEvent> {
    let at = this.head;
    let read = 0;
    return {
      next: () => {
        const entry = (at.droppedAfter ?? at).next;
        if (entry === undefined) {
          return undefined;
        }
        const missing = entry.before - read;
        if (missing > 0) {
          read = entry.before;
          return this.condensing.gap(missing);
        }
        at = entry;
        read = entry.before + entry.characters;
        return entry.event;
      },
      behind: () => this.tail.weightSoFar - at.weightSoFar,
    };
  }

  /** @returns false when there is nothing but the newest entry. */
  private dropOldest(): boolean {
    while (this.kept.next?.droppable === false) {
      this.kept = this.kept.next;
    }
    const oldest = this.kept.next;
    if (oldest === undefined || oldest === this.tail) {
      return false;
    }
    this.kept.next = oldest.next;
    // A reader that stands there goes on behind `kept`, and holds none of those that are dropped later.
    oldest.next = undefined;
    oldest.droppedAfter = this.kept;
    this.held -= EVENT_CHARACTERS + oldest.characters;
    return true;
  }
}
