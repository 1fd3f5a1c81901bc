import { Dialogs } from "./window/Dialogs";
import type { Matcher } from "./window/matchers";
import { Notifications } from "./window/Notifications";
import { openPage, type VscodeWindowOptions, type OpenedPage } from "./window/openPage";
import { OutputPanel } from "./window/OutputPanel";
import { QuickInput } from "./window/QuickInput";
import { Screen } from "./window/Screen";
import { StatusBar } from "./window/StatusBar";
import { Terminals } from "./window/Terminals";
import { TreeViews, type TreeItem } from "./window/TreeViews";
import { Workbench } from "./window/Workbench";

export type { VscodeWindowOptions };

/**
 * A real VS Code, driven as a person drives it: through the command palette, the status bar, views and notifications.
 * Every wait has a deadline; when it passes, the error says what was on the screen instead and names a screenshot.
 * Each part of the window has a class in `window/`, which also says what a method does.
 */
export class VscodeWindow {
  readonly #quickInput: QuickInput;
  readonly #statusBar: StatusBar;
  readonly #notifications: Notifications;
  readonly #output: OutputPanel;
  readonly #trees: TreeViews;
  readonly #terminals: Terminals;
  readonly #dialogs: Dialogs;
  readonly #workbench: Workbench;
  readonly #screen: Screen;
  readonly #release: () => Promise<void>;

  private constructor({ page, serverDataDir, release }: OpenedPage) {
    this.#screen = new Screen(page);
    this.#quickInput = new QuickInput(this.#screen);
    this.#statusBar = new StatusBar(this.#screen);
    this.#notifications = new Notifications(this.#screen);
    this.#output = new OutputPanel(this.#screen, this.#quickInput, serverDataDir);
    this.#dialogs = new Dialogs(this.#screen);
    this.#trees = new TreeViews(this.#screen, this.#quickInput);
    this.#terminals = new Terminals(this.#screen);
    this.#workbench = new Workbench(this.#screen, this.#quickInput);
    this.#release = release;
  }

  static async open(options: VscodeWindowOptions): Promise<VscodeWindow> {
    const opened = await openPage(options);
    try {
      const window = new VscodeWindow(opened);
      await window.#workbench.waitUntilDrawn();
      return window;
    } catch (error) {
      await opened.release();
      throw error;
    }
  }

  /** Closes the window and ends and removes all that it needed. */
  async close(): Promise<void> {
    await this.#release();
  }

  async runCommand(title: string): Promise<void> {
    return this.#quickInput.runCommand(title);
  }

  async pickQuickPick(label: string): Promise<void> {
    return this.#quickInput.pickQuickPick(label);
  }

  async pickQuickPickShowing(text: string): Promise<void> {
    return this.#quickInput.pickQuickPickShowing(text);
  }

  async quickPickTexts(): Promise<readonly string[]> {
    return this.#quickInput.quickPickTexts();
  }

  async waitForQuickPick(text: string, timeout?: number): Promise<void> {
    return this.#quickInput.waitForQuickPick(text, timeout);
  }

  async quickPickItems(): Promise<readonly string[]> {
    return this.#quickInput.quickPickItems();
  }

  async enterText(text: string): Promise<void> {
    return this.#quickInput.enterText(text);
  }

  async chooseFolder(folder: string, button: string): Promise<void> {
    return this.#quickInput.chooseFolder(folder, button);
  }

  async typeText(text: string): Promise<string> {
    return this.#quickInput.typeText(text);
  }

  async dismissQuickInput(): Promise<void> {
    return this.#quickInput.dismissQuickInput();
  }

  async waitForStatusBar(matcher: Matcher, timeout?: number): Promise<string> {
    return this.#statusBar.waitForStatusBar(matcher, timeout);
  }

  async clickStatusBar(matcher: Matcher): Promise<void> {
    return this.#statusBar.clickStatusBar(matcher);
  }

  async clickStatusBarTooltip(matcher: Matcher, link: string): Promise<void> {
    return this.#statusBar.clickStatusBarTooltip(matcher, link);
  }

  async statusBarTooltip(matcher: Matcher): Promise<string> {
    return this.#statusBar.statusBarTooltip(matcher);
  }

  async waitForNotification(matcher: Matcher, timeout?: number): Promise<string> {
    return this.#notifications.waitForNotification(matcher, timeout);
  }

  async clickNotificationButton(label: string, notification?: Matcher): Promise<void> {
    return this.#notifications.clickNotificationButton(label, notification);
  }

  async cancelProgressNotification(notification?: Matcher): Promise<void> {
    return this.#notifications.cancelProgressNotification(notification);
  }

  async waitForDialog(matcher: Matcher, timeout?: number): Promise<string> {
    return this.#dialogs.waitForDialog(matcher, timeout);
  }

  async clickDialogButton(label: string): Promise<void> {
    return this.#dialogs.clickDialogButton(label);
  }

  async outputText(channel: string): Promise<string> {
    return this.#output.outputText(channel);
  }

  async outputLength(channel: string): Promise<number> {
    return this.#output.outputLength(channel);
  }

  async waitForOutput(
    channel: string,
    matcher: Matcher,
    options: { readonly timeout?: number; readonly from?: number } = {},
  ): Promise<string> {
    return this.#output.waitForOutput(channel, matcher, options);
  }

  async openView(title: string): Promise<void> {
    return this.#trees.openView(title);
  }

  async treeItems(viewTitle: string): Promise<readonly TreeItem[]> {
    return this.#trees.treeItems(viewTitle);
  }

  async waitForTreeItem(viewTitle: string, matcher: Matcher, timeout?: number): Promise<TreeItem> {
    return this.#trees.waitForTreeItem(viewTitle, matcher, timeout);
  }

  async treeItemTooltip(viewTitle: string, label: string): Promise<string> {
    return this.#trees.treeItemTooltip(viewTitle, label);
  }

  async clickTreeItemAction(viewTitle: string, label: string, action: string): Promise<void> {
    return this.#trees.clickTreeItemAction(viewTitle, label, action);
  }

  async viewMessage(viewTitle: string): Promise<string> {
    return this.#trees.viewMessage(viewTitle);
  }

  async waitForViewMessage(viewTitle: string, matcher: Matcher, timeout?: number): Promise<string> {
    return this.#trees.waitForViewMessage(viewTitle, matcher, timeout);
  }

  async waitForTerminal(matcher: Matcher, timeout?: number): Promise<string> {
    return this.#terminals.waitForTerminal(matcher, timeout);
  }

  async typeInTerminal(text: string): Promise<void> {
    return this.#terminals.typeInTerminal(text);
  }

  async pressInTerminal(key: string): Promise<void> {
    return this.#terminals.pressInTerminal(key);
  }

  async waitForNoTerminal(): Promise<void> {
    return this.#terminals.waitForNoTerminal();
  }

  async waitForRemembered(text: string): Promise<void> {
    return this.#workbench.waitForRemembered(text);
  }

  async reload(): Promise<void> {
    return this.#workbench.reload();
  }

  async openedAddress(action: () => Promise<void>): Promise<string> {
    return this.#workbench.openedAddress(action);
  }

  async editorText(): Promise<string> {
    return this.#workbench.editorText();
  }

  async waitForEditor(name: string, text: RegExp): Promise<string> {
    return this.#workbench.waitForEditor(name, text);
  }

  async followLink(text: string): Promise<void> {
    return this.#workbench.followLink(text);
  }

  async openFile(relativePath: string): Promise<void> {
    return this.#workbench.openFile(relativePath);
  }

  async problems(): Promise<readonly string[]> {
    return this.#workbench.problems();
  }

  async trustWorkspace(): Promise<void> {
    return this.#workbench.trustWorkspace();
  }

  async screenshot(name: string): Promise<string> {
    return this.#screen.screenshot(name);
  }
}
