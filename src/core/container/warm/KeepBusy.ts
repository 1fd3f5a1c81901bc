import type { ContainerEngine } from "../../ports/ContainerEngine";
import type { PlacedMark } from "./ContainerMarks";

const LONGEST_PAUSE_MS = 60_000;

/**
 * While somebody holds a container in which nothing runs at times, as when files are copied or a step waits for its user,
 * something is run in it now and then, so that it does not end as idle.
 */
export class KeepBusy {
  private readonly timer: NodeJS.Timeout;
  private running = Promise.resolve();

  constructor(
    private readonly engine: ContainerEngine,
    private readonly id: string,
    options: { readonly idleMs: number; readonly lease: PlacedMark },
  ) {
    this.timer = setInterval(
      () => {
        // What is wrong with the container, or with the engine, its user sees for himself.
        this.running = this.running.then(async () => this.touch()).catch(() => undefined);
        void options.lease.refresh().catch(() => undefined);
      },
      Math.min(options.idleMs / 3, LONGEST_PAUSE_MS),
    ).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async touch(): Promise<void> {
    const program = await this.engine.exec(this.id, {
      ...{ command: ["/bin/sh", "-c", ":"], env: {}, workingDirectory: undefined, user: undefined },
      ...{ tty: false, stdin: false },
    });
    program.close();
  }
}
