import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";
import { oneLine } from "./matchers";
import { readRows, toRows, type Row } from "./readRows";

const screenshotFolder = path.resolve(import.meta.dirname, "../../../.slipway/screenshots");
export const defaultDeadline = 15_000;
export const STATUS_BAR_ITEM = ".statusbar-item";
export const NOTIFICATION_MESSAGE = ".notifications-toasts .notification-list-item-message";
/** The list or box at the top; one that is closing stays drawn for a moment, inert. */
export const QUICK_INPUT = ".quick-input-widget:not([inert])";

/**
 * What is drawn in the window. Every wait has a deadline; when it passes, the error says what was on the screen instead
 * and names a screenshot.
 */
export class Screen {
  readonly page: Page;
  readonly #console: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("console", (message) => {
      this.#console.push(message.text());
    });
  }

  /** All rows of a list, also those that it draws only when scrolled to. */
  async rows(list: Locator): Promise<readonly Row[]> {
    return readRows(this.page, list);
  }

  async texts(selector: string): Promise<readonly string[]> {
    const texts = await this.page.locator(selector).allInnerTexts();
    return texts.map(oneLine).filter((text) => text !== "");
  }

  async visible(locator: Locator, what: string): Promise<void> {
    try {
      await locator.waitFor({ state: "visible" });
    } catch (error) {
      throw await this.#failure(what, defaultDeadline, error);
    }
  }

  async click(locator: Locator, what: string): Promise<void> {
    try {
      await locator.click();
    } catch (error) {
      throw await this.#failure(what, defaultDeadline, error);
    }
  }

  async waitFor<T, U extends T>(
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

  /** Keeps what is on the screen under .slipway/screenshots; returns the file. */
  async screenshot(name: string): Promise<string> {
    await mkdir(screenshotFolder, { recursive: true });
    const file = path.join(screenshotFolder, `${name.replace(/[^\w.-]+/g, "-")}.png`);
    // Notifications and lists fade in.
    await sleep(300);
    await this.page.screenshot({ path: file });
    return file;
  }

  async #failure(what: string, timeout: number, last: unknown): Promise<Error> {
    const file = await this.screenshot(`failed ${what.slice(0, 80)}`);
    const list = this.page.locator(`${QUICK_INPUT}:visible .quick-input-list`);
    const dialog = this.page.locator(".monaco-dialog-box");
    const picks = await list.locator(".monaco-list-row").evaluateAll(toRows);
    const seen = {
      "status bar": await this.texts(STATUS_BAR_ITEM),
      notifications: await this.texts(NOTIFICATION_MESSAGE),
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
