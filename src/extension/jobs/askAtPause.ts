import * as vscode from "vscode";
import { formatStep } from "../../core/job/formatStep";
import type { StepPlace } from "../../core/task/TaskEvent";

/**
 * Asks whether to go on with a step, until somebody has answered: a message that is closed is no answer.
 *
 * @param openShell in the container, to look at how things are meanwhile.
 */
export async function askAtPause(
  step: StepPlace,
  { openShell, signal }: { readonly openShell: () => void; readonly signal: AbortSignal | undefined },
): Promise<"continue" | "stop"> {
  const message = vscode.l10n.t("Paused before {0}.", formatStep(step));
  const goOn = vscode.l10n.t("Continue");
  const shell = vscode.l10n.t("Open Shell");
  const stop = vscode.l10n.t("Stop Here");
  const aborted = new Promise<typeof stop>((resolve) => {
    signal?.addEventListener(
      "abort",
      () => {
        resolve(stop);
      },
      { once: true },
    );
  });
  for (;;) {
    const picked = await Promise.race([vscode.window.showInformationMessage(message, goOn, shell, stop), aborted]);
    if (picked === goOn) {
      return "continue";
    }
    if (picked === stop) {
      return "stop";
    }
    if (picked === shell) {
      openShell();
    }
  }
}
