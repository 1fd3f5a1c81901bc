import { isDefined, matches, type Matcher } from "./matchers";
import { defaultDeadline, type Screen } from "./Screen";

/** The terminals in the panel. */
export class Terminals {
  readonly #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** What the terminal in front shows. */
  async terminalText(): Promise<string> {
    const rows = this.#screen.page.locator(".terminal-wrapper.active .xterm-rows > div");
    const lines = await rows.allInnerTexts();
    return lines.map((line) => line.replaceAll("\u00a0", " ").trimEnd()).join("\n");
  }

  async waitForTerminal(matcher: Matcher, timeout = defaultDeadline): Promise<string> {
    const read = async (): Promise<string | undefined> => {
      const text = await this.terminalText();
      return matches(matcher)(text) ? text : undefined;
    };
    return this.#screen.waitFor(`${String(matcher)} in the terminal`, read, isDefined, timeout);
  }

  /** Types into the terminal in front, key by key. */
  async typeInTerminal(text: string): Promise<void> {
    const input = this.#screen.page.locator(".terminal-wrapper.active textarea.xterm-helper-textarea");
    await input.focus();
    await this.#screen.page.keyboard.type(text);
  }

  /** Presses a key such as "Control+c" there. */
  async pressInTerminal(key: string): Promise<void> {
    await this.#screen.page.locator(".terminal-wrapper.active textarea.xterm-helper-textarea").focus();
    await this.#screen.page.keyboard.press(key);
  }

  /** Waits until no terminal is open. */
  async waitForNoTerminal(): Promise<void> {
    const read = async (): Promise<true | undefined> =>
      (await this.#screen.page.locator(".terminal-wrapper.active .xterm-rows").count()) === 0 ? true : undefined;
    await this.#screen.waitFor("the end of all terminals", read, isDefined);
  }
}
