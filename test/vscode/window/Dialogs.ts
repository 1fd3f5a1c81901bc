import { isDefined, matches, oneLine, whole, type Matcher } from "./matchers";
import { defaultDeadline, type Screen } from "./Screen";

const DIALOG = ".monaco-dialog-box";

/** Questions that stand before the whole window. */
export class Dialogs {
  readonly #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** @returns all that the dialog says. */
  async waitForDialog(matcher: Matcher, timeout = defaultDeadline): Promise<string> {
    const find = async (): Promise<string | undefined> =>
      (await this.#screen.page.locator(DIALOG).allInnerTexts()).map(oneLine).find(matches(matcher));
    return this.#screen.waitFor(`a dialog ${String(matcher)}`, find, isDefined, timeout);
  }

  async clickDialogButton(label: string): Promise<void> {
    const dialog = this.#screen.page.locator(DIALOG);
    await this.#screen.click(
      dialog.locator(".monaco-button").filter({ hasText: whole(label) }),
      `the button "${label}" of a dialog`,
    );
    await dialog.waitFor({ state: "hidden" });
  }
}
