import { join, resolve } from "node:path";
import * as vscode from "vscode";
import type { WorkspaceConfiguration } from "../core/config/WorkspaceConfiguration";
import type { Explanation } from "../core/explain/Explanation";
import { changeLine, formatExplanation } from "../core/explain/formatExplanation";

const SCHEME = "slipway-explanation";

interface Shown {
  readonly text: string;
  /** The files that lines of the text begin with, by the line without indentation. */
  readonly files: ReadonlyMap<string, NamedFile>;
  readonly ignoreFile: NamedFile | undefined;
  /** The Dockerfile, as the text names it. */
  readonly dockerfile: NamedFile | undefined;
}

interface NamedFile {
  /** As the text has it. */
  readonly name: string;
  readonly uri: vscode.Uri;
}

/** Shows why an image is fresh or not, as text that cannot be edited, in which files and lines can be followed. */
export class ExplanationDocuments implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly shown = new Map<string, Shown>();
  private readonly registration = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.languages.registerDocumentLinkProvider({ scheme: SCHEME }, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      this.shown.delete(uri.toString());
    }),
  );

  /** One document for each folder and state: what is asked again replaces what was there. */
  async show(
    folder: vscode.WorkspaceFolder,
    configuration: WorkspaceConfiguration,
    explanation: Explanation,
  ): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: SCHEME,
      path: `/${titleOf(explanation)} (${folder.name.replaceAll("/", "-")}).md`,
      query: folder.uri.toString(),
    });
    const text = formatExplanation(explanation, { heading: (title) => `## ${title}` });
    this.shown.set(uri.toString(), { text, ...targetsOf(configuration, explanation) });
    this.changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    // VS Code opens what was open when the window is loaded anew; what was true then may not be any more.
    return (
      this.shown.get(uri.toString())?.text ??
      vscode.l10n.t("This is from before the window was loaded. Run {0} again.", "Slipway: Why Is the Image Stale?")
    );
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const shown = this.shown.get(document.uri.toString());
    if (shown === undefined) {
      return [];
    }
    return Array.from({ length: document.lineCount }, (_, index) => document.lineAt(index)).flatMap((line) =>
      linksOf(line, shown),
    );
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}

function titleOf({ decision: { state } }: Explanation): string {
  switch (state) {
    case "fresh":
      return vscode.l10n.t("Why It Is Fresh");
    case "stale":
      return vscode.l10n.t("Why It Is Stale");
    case "absent":
      return vscode.l10n.t("Why There Is No Image");
    case "given":
      return vscode.l10n.t("Why Nothing Is Built");
  }
}

function targetsOf(
  { folder, image }: WorkspaceConfiguration,
  { changes, counted }: Explanation,
): Pick<Shown, "files" | "ignoreFile" | "dockerfile"> {
  if (image.kind !== "build" || counted === undefined) {
    return { files: new Map(), ignoreFile: undefined, dockerfile: undefined };
  }
  const { build } = image;
  const files = changes.flatMap((change): readonly (readonly [string, NamedFile])[] => {
    const { after, subject } = change;
    // What was removed is not there to be opened, and folders do not open in an editor.
    const path =
      after?.kind === "dockerfile"
        ? build.dockerfile
        : after?.kind === "file"
          ? join(build.context, after.path)
          : undefined;
    return path === undefined ? [] : [[changeLine(change), { name: subject, uri: vscode.Uri.file(path) }]];
  });
  const { ignoreFile } = counted;
  return {
    files: new Map(files),
    // Outside of the folder it has its whole path already.
    ignoreFile:
      ignoreFile === undefined ? undefined : { name: ignoreFile, uri: vscode.Uri.file(resolve(folder, ignoreFile)) },
    dockerfile: { name: counted.dockerfile, uri: vscode.Uri.file(build.dockerfile) },
  };
}

function linksOf(line: vscode.TextLine, { files, ignoreFile, dockerfile }: Shown): vscode.DocumentLink[] {
  const changed = files.get(line.text.trim());
  if (changed !== undefined) {
    return [linkTo(line, [line.text.indexOf(changed.name), changed.name.length], changed.uri)];
  }
  return [
    ...(dockerfile === undefined ? [] : linesOfDockerfile(line, dockerfile)),
    ...(ignoreFile === undefined ? [] : ignoreFileIn(line, ignoreFile)),
  ];
}

/** "Dockerfile:4", wherever it stands. */
function linesOfDockerfile(line: vscode.TextLine, { name, uri }: NamedFile): readonly vscode.DocumentLink[] {
  return [...line.text.matchAll(new RegExp(`${escaped(name)}:(\\d+)`, "g"))].map((match) =>
    linkTo(line, [match.index, match[0].length], uri.with({ fragment: `L${match[1] ?? "1"}` })),
  );
}

/** At the beginning of a line, or in the advice to ignore something there. */
function ignoreFileIn(line: vscode.TextLine, { name, uri }: NamedFile): readonly vscode.DocumentLink[] {
  const match = new RegExp(`(?:^ *|ignore it in )(?=${escaped(name)} )`).exec(line.text);
  return match === null ? [] : [linkTo(line, [match.index + match[0].length, name.length], uri)];
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function linkTo(
  { lineNumber }: vscode.TextLine,
  [start, length]: readonly [number, number],
  target: vscode.Uri,
): vscode.DocumentLink {
  return new vscode.DocumentLink(new vscode.Range(lineNumber, start, lineNumber, start + length), target);
}
