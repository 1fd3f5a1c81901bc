import { errors, type Locator } from "playwright-core";
import { isDefined, isNotEmpty, oneLine, whole } from "./matchers";
import type { Row } from "./readRows";
import { defaultDeadline, QUICK_INPUT, type Screen } from "./Screen";

/** What opens at the top: the command palette, lists to pick from, and input boxes. */
export class QuickInput {
  readonly #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Runs a command from the palette; `title` is the whole label, such as "Slipway: Build Image". */
  async runCommand(title: string): Promise<void> {
    await this.pickFromPalette(`>${title}`, title);
  }

  /**
   * Opens the command palette, types `text` and clicks the entry whose label is `label`. All of it again until the
   * deadline: the palette closes when something else takes the focus just then, and a command of an extension is
   * there only once VS Code has read the extension.
   */
  async pickFromPalette(text: string, label: string): Promise<void> {
    const choose = async (): Promise<true | undefined> => {
      try {
        await this.#screen.page.keyboard.press("F1");
        await this.#screen.page.locator(`${QUICK_INPUT} input.input`).fill(text, { timeout: 1_000 });
        await this.#entry(label).click({ timeout: 2_000 });
        return true;
      } catch (error) {
        if (error instanceof errors.TimeoutError) {
          return undefined;
        }
        throw error;
      }
    };
    await this.#screen.waitFor(`"${label}" in the command palette`, choose, isDefined);
  }

  /** Picks an entry of the list that is open at the top, by its whole label. */
  async pickQuickPick(label: string): Promise<void> {
    const input = this.#screen.page.locator(`${QUICK_INPUT} input.input`);
    await this.#screen.visible(input, "a list to pick from");
    await input.fill(label);
    await this.#screen.click(this.#entry(label), `"${label}" in the list`);
  }

  /** Picks the entry that has `text` anywhere: in its label, its description or its second line. */
  async pickQuickPickShowing(text: string): Promise<void> {
    const rows = this.#screen.page.locator(`${QUICK_INPUT} .quick-input-list .monaco-list-row`);
    const row = rows.filter({ hasText: text }).first();
    const choose = async (): Promise<true | undefined> => {
      try {
        await row.click({ timeout: 2_000 });
        // A list that is drawn anew in this moment takes no notice of the click.
        await row.waitFor({ state: "hidden", timeout: 2_000 });
        return true;
      } catch (error) {
        if (error instanceof errors.TimeoutError) {
          return undefined;
        }
        throw error;
      }
    };
    await this.#screen.waitFor(`an entry with "${text}" in the list`, choose, isDefined);
  }

  /** Everything that the entries of the open list say, as a screen reader reads it. */
  async quickPickTexts(): Promise<readonly string[]> {
    return (await this.#rows()).map(({ ariaLabel }) => ariaLabel);
  }

  /** Waits until the open list has an entry with `text`. */
  async waitForQuickPick(text: string, timeout = defaultDeadline): Promise<void> {
    const find = async (): Promise<string | undefined> =>
      (await this.quickPickTexts()).find((entry) => entry.includes(text));
    await this.#screen.waitFor(`an entry with "${text}" in the list`, find, isDefined, timeout);
  }

  /** The labels of the list that is open at the top. */
  async quickPickItems(): Promise<readonly string[]> {
    return (await this.#rows()).map(({ label }) => label);
  }

  /** Answers the input box that is open at the top. */
  async enterText(text: string): Promise<void> {
    const input = this.#screen.page.locator(`${QUICK_INPUT} input.input`);
    await this.#screen.visible(input, "an input box");
    await input.fill(text);
    await input.press("Enter");
  }

  /** Answers the dialog for a folder that is open at the top. @param button that ends it. */
  async chooseFolder(folder: string, button: string): Promise<void> {
    const ok = this.#screen.page.locator(`${QUICK_INPUT} .monaco-button`).filter({ hasText: whole(button) });
    await this.#screen.visible(ok.first(), `a dialog with "${button}"`);
    await this.#screen.page.locator(`${QUICK_INPUT} input.input`).fill(folder);
    await this.#screen.click(ok.first(), `the button "${button}" of a dialog`);
  }

  /** Writes into the input box without answering it. @returns what is said to be wrong with it. */
  async typeText(text: string): Promise<string> {
    const input = this.#screen.page.locator(`${QUICK_INPUT} input.input`);
    const message = this.#screen.page.locator(`${QUICK_INPUT} .quick-input-message`);
    // A list that is about to close has a box of its own, to filter it.
    await this.#screen.page.locator(`${QUICK_INPUT} .quick-input-list`).waitFor({ state: "hidden" });
    await this.#screen.visible(message, "an input box");
    const read = async (): Promise<string> => oneLine(await message.innerText());
    const before = await read();
    await input.fill(text);
    return this.#screen.waitFor(
      "a message at the input box",
      read,
      (now): now is string => now !== "" && now !== before,
    );
  }

  async dismissQuickInput(): Promise<void> {
    await this.#screen.page.keyboard.press("Escape");
  }

  async #rows(): Promise<readonly Row[]> {
    const list = this.#screen.page.locator(`${QUICK_INPUT} .quick-input-list`);
    await this.#screen.visible(list, "a list to pick from");
    return this.#screen.waitFor("entries to pick from", () => this.#screen.rows(list), isNotEmpty);
  }

  /** The entry of the open list at the top whose label is `label`. */
  #entry(label: string): Locator {
    const rows = this.#screen.page.locator(`${QUICK_INPUT} .quick-input-list .monaco-list-row`);
    return rows.filter({ has: this.#screen.page.locator(".label-name").filter({ hasText: whole(label) }) }).first();
  }
}
