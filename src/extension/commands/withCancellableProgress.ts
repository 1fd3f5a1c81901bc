import * as vscode from "vscode";

/** Runs something for which a notification is shown, whose Cancel aborts the signal. */
export async function withCancellableProgress<T>(
  title: string,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (_, token) => {
    const controller = new AbortController();
    const cancellation = token.onCancellationRequested(() => {
      controller.abort();
    });
    try {
      return await action(controller.signal);
    } finally {
      cancellation.dispose();
    }
  });
}
