import type { Locator } from "playwright-core";
import { isDefined, matches, oneLine, type Matcher } from "./matchers";
import { defaultDeadline, STATUS_BAR_ITEM, type Screen } from "./Screen";

/** The bar at the bottom. */
export class StatusBar {
  readonly #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** What the status bar shows, one text an item, icons left out. */
  async statusBarTexts(): Promise<readonly string[]> {
    return this.#screen.texts(STATUS_BAR_ITEM);
  }

  async waitForStatusBar(matcher: Matcher, timeout = defaultDeadline): Promise<string> {
    const find = async (): Promise<string | undefined> => (await this.statusBarTexts()).find(matches(matcher));
    return this.#screen.waitFor(`${String(matcher)} in the status bar`, find, isDefined, timeout);
  }

  async clickStatusBar(matcher: Matcher): Promise<void> {
    await this.#screen.click(await this.#statusBarItem(matcher), `${String(matcher)} in the status bar, to be clicked`);
  }

  /** Clicks a link in what a status bar item says on hover. */
  async clickStatusBarTooltip(matcher: Matcher, link: string): Promise<void> {
    const hover = await this.#tooltip(matcher);
    await this.#screen.click(hover.locator("a").filter({ hasText: link }).first(), `the link ${link} in a tooltip`);
  }

  /** What a status bar item says on hover. */
  async statusBarTooltip(matcher: Matcher): Promise<string> {
    const hover = await this.#tooltip(matcher);
    // VS Code keeps spaces of plain text from being folded.
    return (await hover.innerText()).replaceAll("\u00a0", " ");
  }

  async #tooltip(matcher: Matcher): Promise<Locator> {
    await (await this.#statusBarItem(matcher)).hover();
    const hover = this.#screen.page.locator(".monaco-hover:visible, .workbench-hover:visible").first();
    await this.#screen.visible(hover, `a tooltip on ${String(matcher)}`);
    return hover;
  }

  async #statusBarItem(matcher: Matcher): Promise<Locator> {
    await this.waitForStatusBar(matcher);
    const items = this.#screen.page.locator(STATUS_BAR_ITEM);
    return items.nth((await items.allInnerTexts()).map(oneLine).findIndex(matches(matcher)));
  }
}
