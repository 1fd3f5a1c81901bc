/** A text that nobody may see, and what is shown in its place. */
export interface Secret {
  readonly text: string;
  readonly shown: string;
}

/** The longest part of a secret that says nothing of it. */
const HARMLESS_CHARACTERS = 2;

/** Takes secrets out of texts, whole ones and those that arrive in pieces. */
export class Redactor {
  /** The longest first, so that of several secrets at one place the longest is found. */
  private readonly secrets: readonly Secret[];
  private readonly pattern: RegExp | undefined;
  private readonly shown: ReadonlyMap<string, string>;

  constructor(secrets: readonly Secret[]) {
    this.shown = new Map(secrets.filter(({ text }) => text !== "").map(({ text, shown }) => [text, shown]));
    this.secrets = [...this.shown]
      .map(([text, shown]) => ({ text, shown }))
      .sort((a, b) => b.text.length - a.text.length);
    const alternatives = this.secrets.map(({ text }) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
    this.pattern = alternatives.length === 0 ? undefined : new RegExp(alternatives.join("|"), "g");
  }

  /** For a whole text. */
  redact(text: string): string {
    return this.pattern === undefined ? text : text.replace(this.pattern, (found) => this.shown.get(found) ?? "");
  }

  /** For the end of a longer text, which may begin in the middle of a secret. */
  redactTail(text: string): string {
    const cut = Math.max(0, ...this.secrets.map((secret) => cutLength(secret.text, text)));
    return cut > HARMLESS_CHARACTERS ? `***${this.redact(text.slice(cut))}` : this.redact(text);
  }

  /** For a text that arrives in pieces. */
  stream(): RedactedStream {
    return new RedactedStream(this);
  }

  /** What of a text can be shown already, and the rest, which may be the beginning of a secret. */
  split(text: string): { readonly shown: string; readonly rest: string } {
    if (this.pattern === undefined) {
      return { shown: text, rest: "" };
    }
    let shown = "";
    let start = 0;
    for (;;) {
      this.pattern.lastIndex = start;
      const found = this.pattern.exec(text);
      const open = this.openFrom(text, start);
      if (open !== undefined && (found === null || open <= found.index)) {
        return { shown: shown + text.slice(start, open), rest: text.slice(open) };
      }
      if (found === null) {
        return { shown: shown + text.slice(start), rest: "" };
      }
      shown += text.slice(start, found.index) + (this.shown.get(found[0]) ?? "");
      start = found.index + found[0].length;
    }
  }

  /** Where, from `start` on, the text's end begins a secret that is longer than what is left of the text. */
  private openFrom(text: string, start: number): number | undefined {
    const longest = this.secrets[0]?.text.length ?? 0;
    for (let at = Math.max(start, text.length - longest + 1); at < text.length; at++) {
      const end = text.slice(at);
      if (this.secrets.some((secret) => secret.text.length > end.length && secret.text.startsWith(end))) {
        return at;
      }
    }
    return undefined;
  }
}

/** Holds back what may be the beginning of a secret until it is known to be none. */
export class RedactedStream {
  private rest = "";

  constructor(private readonly redactor: Redactor) {}

  /** @returns what can be shown by now. */
  write(text: string): string {
    const { shown, rest } = this.redactor.split(this.rest + text);
    this.rest = rest;
    return shown;
  }

  /** @returns what was held back. */
  end(): string {
    const { rest } = this;
    this.rest = "";
    return this.redactor.redact(rest);
  }
}

/** How much of the end of a secret the text begins with. */
function cutLength(secret: string, text: string): number {
  for (let length = secret.length - 1; length > 0; length--) {
    if (text.startsWith(secret.slice(-length))) {
      return length;
    }
  }
  return 0;
}
