import { setTimeout as sleep } from "node:timers/promises";
import type { Locator } from "playwright-core";
import { isDefined, matches, oneLine, whole, type Matcher } from "./matchers";
import type { QuickInput } from "./QuickInput";
import { defaultDeadline, type Screen } from "./Screen";

export interface TreeItem {
  readonly label: string;
  readonly description: string;
  /** 1 at the root. */
  readonly level: number;
  /** Undefined for an item that has no children. */
  readonly expanded: boolean | undefined;
}

/** Views with trees in them. */
export class TreeViews {
  readonly #screen: Screen;
  readonly #quickInput: QuickInput;

  constructor(screen: Screen, quickInput: QuickInput) {
    this.#screen = screen;
    this.#quickInput = quickInput;
  }

  /** Opens a view by its title, also one that is hidden behind another. */
  async openView(title: string): Promise<void> {
    await this.#quickInput.pickFromPalette(`view ${title}`, title);
    await this.#screen.visible(this.#view(title), `the view "${title}"`);
  }

  /** The rows of a tree view that is open; children of a collapsed item are not among them. */
  async treeItems(viewTitle: string): Promise<readonly TreeItem[]> {
    const view = this.#view(viewTitle);
    await this.#screen.visible(view, `the view "${viewTitle}"`);
    const rows = await this.#screen.rows(view);
    return rows.map(({ label, description, level, expanded }) => ({
      label,
      description,
      level,
      expanded: expanded === null ? undefined : expanded === "true",
    }));
  }

  /** Waits for a row of a tree view whose label and description, with a space between, match. */
  async waitForTreeItem(viewTitle: string, matcher: Matcher, timeout = defaultDeadline): Promise<TreeItem> {
    const isMatch = matches(matcher);
    const find = async (): Promise<TreeItem | undefined> =>
      (await this.treeItems(viewTitle)).find(({ label, description }) => isMatch(`${label} ${description}`.trim()));
    return this.#screen.waitFor(`${String(matcher)} in the view "${viewTitle}"`, find, isDefined, timeout);
  }

  /** Runs an action of a tree item: the button on its row, else the entry of its context menu. */
  async clickTreeItemAction(viewTitle: string, label: string, action: string): Promise<void> {
    const row = await this.#treeRow(viewTitle, label);
    await row.hover();
    const button = row.locator(`.actions .action-label[aria-label=${JSON.stringify(action)}]`);
    if ((await button.count()) > 0) {
      await button.click();
      return;
    }
    await row.click({ button: "right" });
    const entry = this.#screen.page.locator(".monaco-menu .action-menu-item").filter({ hasText: whole(action) });
    await this.#screen.visible(entry, `"${action}" in the context menu of "${label}"`);
    // A menu that has just opened takes a click for the end of the one that opened it.
    await sleep(300);
    await this.#screen.click(entry, `"${action}" in the context menu of "${label}", to be clicked`);
  }

  /** What is shown while the mouse rests on a tree item. */
  async treeItemTooltip(viewTitle: string, label: string): Promise<string> {
    const row = await this.#treeRow(viewTitle, label);
    await row.locator(".label-name").first().hover();
    const hover = this.#screen.page.locator(".workbench-hover");
    await this.#screen.visible(hover.first(), `the tooltip of "${label}"`);
    return oneLine(await hover.first().innerText());
  }

  /** What a view says instead of items. */
  async viewMessage(viewTitle: string): Promise<string> {
    const view = this.#view(viewTitle);
    await this.#screen.visible(view, `the view "${viewTitle}"`);
    return (await view.locator(".welcome-view-content, .tree-explorer-viewlet-tree-view > .message").allInnerTexts())
      .join("\n")
      .trim();
  }

  /** Waits until an empty view says what it is to say. */
  async waitForViewMessage(viewTitle: string, matcher: Matcher, timeout = defaultDeadline): Promise<string> {
    const find = async (): Promise<string | undefined> => {
      const message = oneLine(await this.#view(viewTitle).innerText());
      return matches(matcher)(message) ? message : undefined;
    };
    return this.#screen.waitFor(`${String(matcher)} in the view "${viewTitle}"`, find, isDefined, timeout);
  }

  #view(title: string): Locator {
    const header = this.#screen.page.locator(".pane-header h3.title").filter({ hasText: whole(title) });
    return this.#screen.page.locator(".pane").filter({ has: header }).locator(".pane-body").first();
  }

  async #treeRow(viewTitle: string, label: string): Promise<Locator> {
    const row = this.#view(viewTitle)
      .locator(".monaco-list-row")
      .filter({ has: this.#screen.page.locator(".label-name").filter({ hasText: whole(label) }) })
      .first();
    await this.#screen.visible(row, `"${label}" in the view "${viewTitle}"`);
    return row;
  }
}
