/** Runs an action once nothing has asked for it for a while. */
export class Debounce {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pauseMs: number,
    private readonly action: () => void,
  ) {}

  trigger(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.action, this.pauseMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
