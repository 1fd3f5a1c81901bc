import * as vscode from "vscode";

const SCHEME = "slipway-json";

/** Shows what an engine knows of something, as JSON that cannot be edited. */
export class JsonDocuments implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly contents = new Map<string, string>();
  private readonly registration = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      this.contents.delete(uri.toString());
    }),
  );

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.contents.get(uri.toString()) ?? "";
  }

  /** @param name of the document: what is shown under the same name is replaced. */
  async show(name: string, content: object): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}.json` });
    this.contents.set(uri.toString(), `${JSON.stringify(content, null, 2)}\n`);
    this.changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
