import { isDefined, matches, toRegExp, whole, type Matcher } from "./matchers";
import { defaultDeadline, NOTIFICATION_MESSAGE, type Screen } from "./Screen";

/** The messages at the lower right. */
export class Notifications {
  readonly #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** The messages of the notifications that are shown now. */
  async notifications(): Promise<readonly string[]> {
    return this.#screen.texts(NOTIFICATION_MESSAGE);
  }

  async waitForNotification(matcher: Matcher, timeout = defaultDeadline): Promise<string> {
    const find = async (): Promise<string | undefined> => (await this.notifications()).find(matches(matcher));
    return this.#screen.waitFor(`a notification ${String(matcher)}`, find, isDefined, timeout);
  }

  /** Presses a button of a notification; `notification` says of which, where several have it. */
  async clickNotificationButton(label: string, notification: Matcher = ""): Promise<void> {
    const button = this.#screen.page
      .locator(".notifications-toasts .notification-list-item")
      .filter({ hasText: toRegExp(notification) })
      .locator(".notification-list-item-buttons-container .monaco-button")
      .filter({ hasText: whole(label) });
    await this.#screen.click(button.first(), `the notification button "${label}"`);
  }

  /** Presses Cancel on a progress notification. */
  async cancelProgressNotification(notification: Matcher = ""): Promise<void> {
    await this.clickNotificationButton("Cancel", notification);
  }
}
