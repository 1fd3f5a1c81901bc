import path from "node:path";
import { isDefined, isNotEmpty } from "./matchers";
import type { QuickInput } from "./QuickInput";
import { rememberedState } from "./rememberedState";
import { type Screen, STATUS_BAR_ITEM } from "./Screen";

const openDeadline = 60_000;

/** The window as a whole, and what is in the middle of it and at its foot: editors, the Problems panel. */
export class Workbench {
  readonly #screen: Screen;
  readonly #quickInput: QuickInput;

  constructor(screen: Screen, quickInput: QuickInput) {
    this.#screen = screen;
    this.#quickInput = quickInput;
  }

  async waitUntilDrawn(): Promise<void> {
    await this.#screen.waitFor("VS Code's window", () => this.#screen.texts(STATUS_BAR_ITEM), isNotEmpty, openDeadline);
  }

  /**
   * Waits until the browser has written down what extensions remember for the workspace, if `text` is part of that. VS
   * Code hands it to the browser with a delay, and a reload that comes first would find it gone.
   */
  async waitForRemembered(text: string): Promise<void> {
    const read = async (): Promise<true | undefined> =>
      (await rememberedState(this.#screen.page)).includes(text) ? true : undefined;
    await this.#screen.waitFor(`"${text}" in what VS Code has written down`, read, isDefined);
  }

  /** As "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.#screen.page.reload();
    await this.waitUntilDrawn();
  }

  /** Does something that opens a page of the browser, and closes that. @returns its address. */
  async openedAddress(action: () => Promise<void>): Promise<string> {
    const opening = this.#screen.page.waitForEvent("popup");
    await action();
    const popup = await opening;
    try {
      await popup.waitForURL(/^http/);
      return popup.url();
    } finally {
      await popup.close();
    }
  }

  /** Opens a file of the workspace in the editor, by its path in it. */
  async openFile(relativePath: string): Promise<void> {
    await this.#quickInput.pickFromPalette(relativePath, path.posix.basename(relativePath));
    const tab = this.#screen.page.locator(".tabs-container .tab.active");
    await this.#screen.visible(
      tab.filter({ hasText: path.posix.basename(relativePath) }),
      `${relativePath} in the editor`,
    );
  }

  /** What the editor in front shows, as far as it is drawn. */
  async editorText(): Promise<string> {
    const lines = this.#screen.page.locator(".editor-group-container.active .view-lines");
    await this.#screen.visible(lines.first(), "the text of the editor");
    return (await lines.first().innerText()).replaceAll("\u00a0", " ");
  }

  /** Waits until the editor in front has this name and a text that fits. @returns the text, as far as it is drawn. */
  async waitForEditor(name: string, text: RegExp): Promise<string> {
    const tab = this.#screen.page.locator(".tabs-container .tab.active");
    await this.#screen.visible(tab.filter({ hasText: name }), `${name} in the editor`);
    const read = async (): Promise<string | undefined> => {
      const shown = await this.editorText();
      return text.test(shown) ? shown : undefined;
    };
    return this.#screen.waitFor(`${String(text)} in ${name}`, read, isDefined);
  }

  /** Follows a link in the editor's text, as Ctrl and a click do. */
  async followLink(text: string): Promise<void> {
    const link = this.#screen.page.locator(".editor-group-container.active .detected-link").filter({ hasText: text });
    await this.#screen.visible(link.first(), `the link ${text}`);
    await link.first().click({ modifiers: ["Control"] });
  }

  /** The rows of the Problems panel as a screen reader says them: severity, message, position, file. */
  async problems(): Promise<readonly string[]> {
    await this.#quickInput.runCommand("Problems: Focus on Problems View");
    const panel = this.#screen.page.locator(".markers-panel");
    await this.#screen.visible(panel, "the Problems panel");
    return (await this.#screen.rows(panel)).map(({ ariaLabel }) => ariaLabel);
  }

  /** Leaves restricted mode, as a person does in the editor about it. */
  async trustWorkspace(): Promise<void> {
    await this.#quickInput.runCommand("Workspaces: Manage Workspace Trust");
    const trust = this.#screen.page.locator(".workspace-trust-editor .monaco-button").filter({ hasText: /^Trust/ });
    await this.#screen.click(trust.first(), "the button that trusts the workspace");
    await this.#screen.waitFor(
      "the end of restricted mode",
      () => this.#screen.texts(STATUS_BAR_ITEM),
      (texts): texts is readonly string[] => !texts.includes("Restricted Mode"),
    );
    // The editor lies over the whole window.
    const close = this.#screen.page.locator(".monaco-modal-editor-block .action-label.codicon-close");
    await this.#screen.click(close.first(), "the button that closes the editor about trust");
    await this.#screen.page.locator(".monaco-modal-editor-block").waitFor({ state: "hidden" });
  }
}
