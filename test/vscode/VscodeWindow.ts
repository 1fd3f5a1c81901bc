import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, errors, type Locator, type Page } from "playwright-core";
import { chromiumArguments, ensureChromium } from "../../scripts/lib/chromium.mjs";
import {
  ensureVscodeServer,
  installExtension,
  quietSettings,
  startVscodeServer,
} from "../../scripts/lib/vscodeServer.mjs";
import { readOutputLog } from "./outputLog";

/** A text is looked for anywhere in what is shown. */
export type Matcher = string | RegExp;

export interface VscodeWindowOptions {
  /** The folder that is opened, or a .code-workspace file that names several: an absolute path. */
  readonly folder: string;
  /** The extension under test: packaged, installed as a user would, or a folder, loaded from source. */
  readonly extension: { readonly vsix: string } | { readonly developmentPath: string };
  /** What VS Code and the extension see beside this process's environment; undefined unsets. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** User settings beside those that keep the window quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** False: the folder is opened in restricted mode until `trustWorkspace()`. */
  readonly trusted?: boolean;
}

export interface TreeItem {
  readonly label: string;
  readonly description: string;
  /** 1 at the root. */
  readonly level: number;
  /** Undefined for an item that has no children. */
  readonly expanded: boolean | undefined;
}

interface Row {
  readonly index: number;
  readonly last: boolean;
  readonly ariaLabel: string;
  readonly label: string;
  readonly description: string;
  readonly level: number;
  readonly expanded: string | null;
}

const screenshotFolder = path.resolve(import.meta.dirname, "../../.slipway/screenshots");
const openDeadline = 60_000;
const defaultDeadline = 15_000;

/** The list or box at the top; one that is closing stays drawn for a moment, inert. */
const quickInput = ".quick-input-widget:not([inert])";

/** What `toRows` needs of an element of the page; the types of a page are not those of Node. */
interface PageElement {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
}

/** Runs in the page, where a row of any of VS Code's lists looks alike; so nothing from outside can be used in it. */
function toRows(nodes: readonly PageElement[]): Row[] {
  return nodes.map((node) => ({
    index: Number(node.getAttribute("data-index")),
    last: node.getAttribute("data-last-element") === "true",
    ariaLabel: node.getAttribute("aria-label") ?? "",
    label: (node.querySelector(".label-name")?.textContent ?? "").trim(),
    description: (node.querySelector(".label-description")?.textContent ?? "").trim(),
    level: Number(node.getAttribute("aria-level") ?? 1),
    expanded: node.getAttribute("aria-expanded"),
  }));
}

/**
 * A real VS Code, driven as a person drives it: through the command palette, the status bar, views and notifications.
 * Every wait has a deadline; when it passes, the error says what was on the screen instead and names a screenshot.
 */
export class VscodeWindow {
  readonly #page: Page;
  readonly #serverDataDir: string;
  readonly #release: () => Promise<void>;
  readonly #console: string[] = [];

  private constructor(page: Page, serverDataDir: string, release: () => Promise<void>) {
    this.#page = page;
    this.#serverDataDir = serverDataDir;
    this.#release = release;
    page.on("console", (message) => {
      this.#console.push(message.text());
    });
  }

  static async open(options: VscodeWindowOptions): Promise<VscodeWindow> {
    const releases: (() => Promise<void>)[] = [];
    const release = async (): Promise<void> => {
      const next = releases.pop();
      if (next === undefined) {
        return;
      }
      try {
        await next();
      } finally {
        await release();
      }
    };
    try {
      return await VscodeWindow.#open(options, releases, release);
    } catch (error) {
      await release();
      throw error;
    }
  }

  static async #open(
    { folder, extension, env = {}, settings = {}, trusted = true }: VscodeWindowOptions,
    releases: (() => Promise<void>)[],
    release: () => Promise<void>,
  ): Promise<VscodeWindow> {
    const installation = await ensureVscodeServer({ log: report });
    const browserProgram = await ensureChromium({ log: report });
    if ("reason" in browserProgram) {
      throw new Error(browserProgram.reason);
    }

    const temporary = await mkdtemp(path.join(tmpdir(), "slipway-vscode-"));
    releases.push(() => rm(temporary, { recursive: true, force: true, maxRetries: 5 }));
    const extensionsDir = path.join(temporary, "extensions");
    const serverDataDir = path.join(temporary, "server");
    if ("vsix" in extension) {
      await installExtension({ installation, vsix: extension.vsix, extensionsDir, serverDataDir });
    } else {
      // What a new extensions folder holds counts as installed. VS Code's own flag for a folder needs the smoke-test
      // driver, which keeps notifications from being shown.
      await mkdir(extensionsDir);
      await symlink(path.resolve(extension.developmentPath), path.join(extensionsDir, "under-test"));
    }

    const server = await startVscodeServer({
      installation,
      extensionsDir,
      serverDataDir,
      workspaceTrust: !trusted,
      settings: { ...quietSettings, ...settings },
      env,
    });
    releases.push(() => server.stop());
    const browser = await chromium.launch({ executablePath: browserProgram.path, args: [...chromiumArguments] });
    releases.push(() => browser.close());

    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(defaultDeadline);
    const window = new VscodeWindow(page, serverDataDir, release);
    const url = new URL(server.url);
    url.searchParams.set(folder.endsWith(".code-workspace") ? "workspace" : "folder", folder);
    await page.goto(url.href);
    await window.#waitFor("VS Code's window", () => window.#texts(".statusbar-item"), isNotEmpty, openDeadline);
    return window;
  }

  /** Closes the window and ends and removes all that it needed. */
  async close(): Promise<void> {
    await this.#release();
  }

  /** Runs a command from the palette; `title` is the whole label, such as "Slipway: Build Image". */
  async runCommand(title: string): Promise<void> {
    await this.#pickFromPalette(`>${title}`, title);
  }

  /** Picks an entry of the list that is open at the top, by its whole label. */
  async pickQuickPick(label: string): Promise<void> {
    const input = this.#page.locator(`${quickInput} input.input`);
    await this.#visible(input, "a list to pick from");
    await input.fill(label);
    await this.#click(this.#entry(label), `"${label}" in the list`);
  }

  /** Picks the entry that has `text` anywhere: in its label, its description or its second line. */
  async pickQuickPickShowing(text: string): Promise<void> {
    const rows = this.#page.locator(`${quickInput} .quick-input-list .monaco-list-row`);
    await this.#click(rows.filter({ hasText: text }).first(), `an entry with "${text}" in the list`);
  }

  /** Everything that the entries of the open list say, as a screen reader reads it. */
  async quickPickTexts(): Promise<readonly string[]> {
    const list = this.#page.locator(`${quickInput} .quick-input-list`);
    await this.#visible(list, "a list to pick from");
    const rows = await this.#waitFor("entries to pick from", () => this.#rows(list), isNotEmpty);
    return rows.map(({ ariaLabel }) => ariaLabel);
  }

  /** Waits until the open list has an entry with `text`. */
  async waitForQuickPick(text: string, timeout = defaultDeadline): Promise<void> {
    const find = async (): Promise<string | undefined> =>
      (await this.quickPickTexts()).find((entry) => entry.includes(text));
    await this.#waitFor(`an entry with "${text}" in the list`, find, isDefined, timeout);
  }

  /** The labels of the list that is open at the top. */
  async quickPickItems(): Promise<readonly string[]> {
    const list = this.#page.locator(`${quickInput} .quick-input-list`);
    await this.#visible(list, "a list to pick from");
    const rows = await this.#waitFor("entries to pick from", () => this.#rows(list), isNotEmpty);
    return rows.map(({ label }) => label);
  }

  /** Answers the input box that is open at the top. */
  async enterText(text: string): Promise<void> {
    const input = this.#page.locator(`${quickInput} input.input`);
    await this.#visible(input, "an input box");
    await input.fill(text);
    await input.press("Enter");
  }

  /** Writes into the input box without answering it. @returns what is said to be wrong with it. */
  async typeText(text: string): Promise<string> {
    const input = this.#page.locator(`${quickInput} input.input`);
    await this.#visible(input, "an input box");
    await input.fill(text);
    const message = this.#page.locator(`${quickInput} .quick-input-message`);
    const read = async (): Promise<string> => oneLine(await message.innerText());
    const before = await read();
    return this.#waitFor("a message at the input box", read, (now): now is string => now !== "" && now !== before);
  }

  /** As "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.#page.reload();
    await this.#waitFor("VS Code's window", () => this.#texts(".statusbar-item"), isNotEmpty, openDeadline);
  }

  async dismissQuickInput(): Promise<void> {
    await this.#page.keyboard.press("Escape");
  }

  /** What the status bar shows, one text an item, icons left out. */
  async statusBarTexts(): Promise<readonly string[]> {
    return this.#texts(".statusbar-item");
  }

  /** The first item of the status bar whose text begins with `prefix`. */
  async statusBarText(prefix: string): Promise<string | undefined> {
    return (await this.statusBarTexts()).find((text) => text.startsWith(prefix));
  }

  async waitForStatusBar(matcher: Matcher, timeout = defaultDeadline): Promise<string> {
    const find = async (): Promise<string | undefined> => (await this.statusBarTexts()).find(matches(matcher));
    return this.#waitFor(`${String(matcher)} in the status bar`, find, isDefined, timeout);
  }

  async clickStatusBar(matcher: Matcher): Promise<void> {
    await this.#click(await this.#statusBarItem(matcher), `${String(matcher)} in the status bar, to be clicked`);
  }

  /** What a status bar item says on hover. */
  async statusBarTooltip(matcher: Matcher): Promise<string> {
    await (await this.#statusBarItem(matcher)).hover();
    const hover = this.#page.locator(".monaco-hover:visible, .workbench-hover:visible").first();
    await this.#visible(hover, `a tooltip on ${String(matcher)}`);
    // VS Code keeps spaces of plain text from being folded.
    return (await hover.innerText()).replaceAll("\u00a0", " ");
  }

  /** The messages of the notifications that are shown now. */
  async notifications(): Promise<readonly string[]> {
    return this.#texts(".notifications-toasts .notification-list-item-message");
  }

  async waitForNotification(matcher: Matcher, timeout = defaultDeadline): Promise<string> {
    const find = async (): Promise<string | undefined> => (await this.notifications()).find(matches(matcher));
    return this.#waitFor(`a notification ${String(matcher)}`, find, isDefined, timeout);
  }

  /** Presses a button of a notification; `notification` says of which, where several have it. */
  async clickNotificationButton(label: string, notification: Matcher = ""): Promise<void> {
    const button = this.#page
      .locator(".notifications-toasts .notification-list-item")
      .filter({ hasText: toRegExp(notification) })
      .locator(".notification-list-item-buttons-container .monaco-button")
      .filter({ hasText: whole(label) });
    await this.#click(button.first(), `the notification button "${label}"`);
  }

  /** Presses Cancel on a progress notification. */
  async cancelProgressNotification(notification: Matcher = ""): Promise<void> {
    await this.clickNotificationButton("Cancel", notification);
  }

  /** Closes all notifications. */
  async clearNotifications(): Promise<void> {
    await this.runCommand("Notifications: Clear All Notifications");
  }

  /** Shows an output channel in the panel. */
  async showOutput(channel: string): Promise<void> {
    await this.runCommand("Output: Show Output Channels...");
    await this.pickQuickPick(channel);
  }

  /**
   * All that the extension has written to an output channel since the window opened, also what it cleared since, and
   * not only the lines that fit the panel. The channel is left shown in the panel.
   */
  async outputText(channel: string): Promise<string> {
    const text = await this.waitForOutput(channel, "");
    await this.showOutput(channel);
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
    return this.#waitFor(`${String(matcher)} in the output channel "${channel}"`, read, isMatch, timeout);
  }

  /** Opens a view by its title, also one that is hidden behind another. */
  async openView(title: string): Promise<void> {
    await this.#pickFromPalette(`view ${title}`, title);
    await this.#visible(this.#view(title), `the view "${title}"`);
  }

  /** The rows of a tree view that is open; children of a collapsed item are not among them. */
  async treeItems(viewTitle: string): Promise<readonly TreeItem[]> {
    const view = this.#view(viewTitle);
    await this.#visible(view, `the view "${viewTitle}"`);
    const rows = await this.#rows(view);
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
    return this.#waitFor(`${String(matcher)} in the view "${viewTitle}"`, find, isDefined, timeout);
  }

  /** Opens an item that has children. */
  async expandTreeItem(viewTitle: string, label: string): Promise<void> {
    const row = await this.#treeRow(viewTitle, label);
    if ((await row.getAttribute("aria-expanded")) === "false") {
      await row.locator(".monaco-tl-twistie").click();
    }
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
    const entry = this.#page.locator(".monaco-menu .action-menu-item").filter({ hasText: whole(action) });
    await this.#visible(entry, `"${action}" in the context menu of "${label}"`);
    // A menu that has just opened takes a click for the end of the one that opened it.
    await sleep(300);
    await this.#click(entry, `"${action}" in the context menu of "${label}", to be clicked`);
  }

  /** What a view says instead of items. */
  async viewMessage(viewTitle: string): Promise<string> {
    const view = this.#view(viewTitle);
    await this.#visible(view, `the view "${viewTitle}"`);
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
    return this.#waitFor(`${String(matcher)} in the view "${viewTitle}"`, find, isDefined, timeout);
  }

  /** The message and the detail of the modal dialog that is open. */
  async dialogText(): Promise<string> {
    const dialog = this.#page.locator(".monaco-dialog-box");
    await this.#visible(dialog, "a dialog");
    return (await dialog.locator(".dialog-message-text, .dialog-message-detail").allInnerTexts()).join("\n");
  }

  async clickDialogButton(label: string): Promise<void> {
    const button = this.#page.locator(".monaco-dialog-box .monaco-button").filter({ hasText: whole(label) });
    await this.#click(button, `the dialog button "${label}"`);
    await this.#page.locator(".monaco-dialog-box").waitFor({ state: "detached" });
  }

  /** Leaves restricted mode, as a person does in the editor about it. */
  async trustWorkspace(): Promise<void> {
    await this.runCommand("Workspaces: Manage Workspace Trust");
    const trust = this.#page.locator(".workspace-trust-editor .monaco-button").filter({ hasText: /^Trust/ });
    await this.#click(trust.first(), "the button that trusts the workspace");
    await this.#waitFor(
      "the end of restricted mode",
      () => this.statusBarTexts(),
      (texts): texts is readonly string[] => !texts.includes("Restricted Mode"),
    );
    // The editor lies over the whole window.
    const close = this.#page.locator(".monaco-modal-editor-block .action-label.codicon-close");
    await this.#click(close.first(), "the button that closes the editor about trust");
    await this.#page.locator(".monaco-modal-editor-block").waitFor({ state: "hidden" });
  }

  /** Opens a file of the workspace in the editor, by its path in it. */
  async openFile(relativePath: string): Promise<void> {
    await this.#pickFromPalette(relativePath, path.posix.basename(relativePath));
    const tab = this.#page.locator(".tabs-container .tab.active");
    await this.#visible(tab.filter({ hasText: path.posix.basename(relativePath) }), `${relativePath} in the editor`);
  }

  /** The rows of the Problems panel as a screen reader says them: severity, message, position, file. */
  async problems(): Promise<readonly string[]> {
    await this.runCommand("Problems: Focus on Problems View");
    const panel = this.#page.locator(".markers-panel");
    await this.#visible(panel, "the Problems panel");
    return (await this.#rows(panel)).map(({ ariaLabel }) => ariaLabel);
  }

  /** Keeps what is on the screen under .slipway/screenshots; returns the file. */
  async screenshot(name: string): Promise<string> {
    await mkdir(screenshotFolder, { recursive: true });
    const file = path.join(screenshotFolder, `${name.replace(/[^\w.-]+/g, "-")}.png`);
    // Notifications and lists fade in.
    await sleep(300);
    await this.#page.screenshot({ path: file });
    return file;
  }

  /**
   * Opens the command palette, types `text` and clicks the entry whose label is `label`. All of it again until the
   * deadline: the palette closes when something else takes the focus just then, and a command of an extension is
   * there only once VS Code has read the extension.
   */
  async #pickFromPalette(text: string, label: string): Promise<void> {
    const choose = async (): Promise<true | undefined> => {
      try {
        await this.#page.keyboard.press("F1");
        await this.#page.locator(`${quickInput} input.input`).fill(text, { timeout: 1_000 });
        await this.#entry(label).click({ timeout: 2_000 });
        return true;
      } catch (error) {
        if (error instanceof errors.TimeoutError) {
          return undefined;
        }
        throw error;
      }
    };
    await this.#waitFor(`"${label}" in the command palette`, choose, isDefined);
  }

  /** The entry of the open list at the top whose label is `label`. */
  #entry(label: string): Locator {
    const rows = this.#page.locator(`${quickInput} .quick-input-list .monaco-list-row`);
    return rows.filter({ has: this.#page.locator(".label-name").filter({ hasText: whole(label) }) }).first();
  }

  async #statusBarItem(matcher: Matcher): Promise<Locator> {
    await this.waitForStatusBar(matcher);
    const items = this.#page.locator(".statusbar-item");
    return items.nth((await items.allInnerTexts()).map(oneLine).findIndex(matches(matcher)));
  }

  #view(title: string): Locator {
    const header = this.#page.locator(".pane-header h3.title").filter({ hasText: whole(title) });
    return this.#page.locator(".pane").filter({ has: header }).locator(".pane-body").first();
  }

  async #treeRow(viewTitle: string, label: string): Promise<Locator> {
    const row = this.#view(viewTitle)
      .locator(".monaco-list-row")
      .filter({ has: this.#page.locator(".label-name").filter({ hasText: whole(label) }) })
      .first();
    await this.#visible(row, `"${label}" in the view "${viewTitle}"`);
    return row;
  }

  /** All rows of a list, also those that it draws only when scrolled to. */
  async #rows(list: Locator): Promise<readonly Row[]> {
    const found = new Map<number, Row>();
    const read = async (): Promise<readonly Row[]> => {
      const rows = await list.locator(".monaco-list-row").evaluateAll(toRows);
      for (const row of rows) {
        found.set(row.index, row);
      }
      return rows;
    };
    let rows = await read();
    const isWhole = (): boolean => rows.length === 0 || (rows.some(({ last }) => last) && found.has(0));
    if (!isWhole()) {
      await list.hover();
      await this.#page.mouse.wheel(0, -1_000_000);
      await sleep(100);
      rows = await read();
      while (!rows.some(({ last }) => last)) {
        const before = found.size;
        await this.#page.mouse.wheel(0, 150);
        await sleep(50);
        rows = await read();
        if (found.size === before) {
          break;
        }
      }
      await this.#page.mouse.wheel(0, -1_000_000);
    }
    return [...found.values()].sort((a, b) => a.index - b.index);
  }

  async #texts(selector: string): Promise<readonly string[]> {
    const texts = await this.#page.locator(selector).allInnerTexts();
    return texts.map(oneLine).filter((text) => text !== "");
  }

  async #visible(locator: Locator, what: string): Promise<void> {
    try {
      await locator.waitFor({ state: "visible" });
    } catch (error) {
      throw await this.#failure(what, defaultDeadline, error);
    }
  }

  async #click(locator: Locator, what: string): Promise<void> {
    try {
      await locator.click();
    } catch (error) {
      throw await this.#failure(what, defaultDeadline, error);
    }
  }

  async #waitFor<T, U extends T>(
    what: string,
    read: () => Promise<T>,
    isDone: (value: T) => value is U,
    timeout = defaultDeadline,
  ): Promise<U> {
    const end = Date.now() + timeout;
    for (;;) {
      const value = await read();
      if (isDone(value)) {
        return value;
      }
      if (Date.now() > end) {
        throw await this.#failure(what, timeout, value);
      }
      await sleep(100);
    }
  }

  async #failure(what: string, timeout: number, last: unknown): Promise<Error> {
    const file = await this.screenshot(`failed ${what.slice(0, 80)}`);
    const list = this.#page.locator(`${quickInput}:visible .quick-input-list`);
    const dialog = this.#page.locator(".monaco-dialog-box");
    const picks = await list.locator(".monaco-list-row").evaluateAll(toRows);
    const seen = {
      "status bar": await this.statusBarTexts(),
      notifications: await this.notifications(),
      "list at the top": picks.map(({ label }) => label),
      dialog: await dialog.allInnerTexts(),
      console: this.#console.slice(-5).map((text) => text.slice(0, 300)),
    };
    const lines = Object.entries(seen)
      .filter(([, texts]) => texts.length > 0)
      .map(([where, texts]) => `  ${where}: ${texts.map((text) => JSON.stringify(text)).join(", ")}`);
    const readLast = typeof last === "string" ? [`  read last: …${last.slice(-1000)}`] : [];
    const message = `Not seen within ${timeout / 1000} s: ${what}. What was seen:`;
    return new Error(
      [message, ...lines, ...readLast, `  screenshot: ${file}`].join("\n"),
      last instanceof Error ? { cause: last } : {},
    );
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Nothing but this text. */
function whole(text: string): RegExp {
  return new RegExp(`^\\s*${escaped(text)}\\s*$`);
}

/** Playwright takes a string without regard to case. */
function toRegExp(matcher: Matcher): RegExp {
  return typeof matcher === "string" ? new RegExp(escaped(matcher)) : matcher;
}

function matches(matcher: Matcher): (text: string) => boolean {
  return (text) => (typeof matcher === "string" ? text.includes(matcher) : matcher.test(text));
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function isNotEmpty<T>(values: readonly T[]): values is readonly T[] {
  return values.length > 0;
}

function report(message: string): void {
  process.stderr.write(`${message}\n`);
}
