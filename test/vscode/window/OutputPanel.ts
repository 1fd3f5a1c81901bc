import { readOutputLog } from "../outputLog";
import { matches, type Matcher } from "./matchers";
import type { QuickInput } from "./QuickInput";
import { defaultDeadline, type Screen } from "./Screen";

/** Output channels. */
export class OutputPanel {
  readonly #screen: Screen;
  readonly #quickInput: QuickInput;
  readonly #serverDataDir: string;

  constructor(screen: Screen, quickInput: QuickInput, serverDataDir: string) {
    this.#screen = screen;
    this.#quickInput = quickInput;
    this.#serverDataDir = serverDataDir;
  }

  /** Shows an output channel in the panel. */
  async #show(channel: string): Promise<void> {
    await this.#quickInput.runCommand("Output: Show Output Channels...");
    await this.#quickInput.pickQuickPick(channel);
  }

  /**
   * All that the extension has written to an output channel since the window opened, also what it cleared since, and
   * not only the lines that fit the panel. The channel is left shown in the panel.
   */
  async outputText(channel: string): Promise<string> {
    const text = await this.waitForOutput(channel, "");
    await this.#show(channel);
    return text;
  }

  /** How much was written to a channel so far, 0 before it exists: where what comes next begins. */
  async outputLength(channel: string): Promise<number> {
    return (await readOutputLog(this.#serverDataDir, channel))?.length ?? 0;
  }

  /** Waits until what was written to a channel, from the position `from` on, matches; returns all of that. */
  async waitForOutput(
    channel: string,
    matcher: Matcher,
    { timeout = defaultDeadline, from = 0 }: { readonly timeout?: number; readonly from?: number } = {},
  ): Promise<string> {
    const read = async (): Promise<string | undefined> =>
      (await readOutputLog(this.#serverDataDir, channel))?.slice(from);
    const isMatch = (text: string | undefined): text is string => text !== undefined && matches(matcher)(text);
    return this.#screen.waitFor(`${String(matcher)} in the output channel "${channel}"`, read, isMatch, timeout);
  }
}
