import { isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import type { WorkspaceConfiguration } from "../core/config/WorkspaceConfiguration";
import type { Explanation } from "../core/explain/Explanation";
import { changeLine, formatExplanation } from "../core/explain/formatExplanation";

const SCHEME = "slipway-explanation";

interface Shown {
  readonly text: string;
  /** What lines of the text name, by the trimmed line. */
  readonly files: ReadonlyMap<string, vscode.Uri>;
  /** The Dockerfile, as the text names it. */
  readonly dockerfile: { readonly name: string; readonly uri: vscode.Uri } | undefined;
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
): Pick<Shown, "files" | "dockerfile"> {
  if (image.kind !== "build") {
    return { files: new Map(), dockerfile: undefined };
  }
  const { build } = image;
  const files = changes.flatMap((change): readonly (readonly [string, vscode.Uri])[] => {
    const { after } = change;
    // What was removed is not there to be opened, and folders do not open in an editor.
    if (after?.kind === "dockerfile") {
      return [[changeLine(change), vscode.Uri.file(build.dockerfile)]];
    }
    return after?.kind === "file" ? [[changeLine(change), vscode.Uri.file(join(build.context, after.path))]] : [];
  });
  const ignoreFile = counted?.ignoreFile;
  const path = ignoreFile === undefined || isAbsolute(ignoreFile) ? ignoreFile : join(folder, ignoreFile);
  const ignoring: readonly (readonly [string, vscode.Uri])[] =
    ignoreFile === undefined || path === undefined ? [] : [[ignoreFile, vscode.Uri.file(path)]];
  return {
    files: new Map([...files, ...ignoring]),
    dockerfile:
      counted === undefined ? undefined : { name: counted.dockerfile, uri: vscode.Uri.file(build.dockerfile) },
  };
}

function linksOf(line: vscode.TextLine, { files, dockerfile }: Shown): vscode.DocumentLink[] {
  const text = line.text.trim();
  const start = line.firstNonWhitespaceCharacterIndex;
  const changed = files.get(text);
  if (changed !== undefined) {
    const before = /^\w+ +/.exec(text)?.[0].length ?? 0;
    return [linkTo(line, { start: start + before, end: line.text.length }, changed)];
  }
  return [...(dockerfile === undefined ? [] : linesOfDockerfile(line, dockerfile)), ...ignoreFileIn(line, files)];
}

/** "Dockerfile:4", wherever it stands. */
function linesOfDockerfile(
  line: vscode.TextLine,
  { name, uri }: NonNullable<Shown["dockerfile"]>,
): readonly vscode.DocumentLink[] {
  const pattern = new RegExp(`${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}:(\\d+)`, "g");
  return [...line.text.matchAll(pattern)].map((match) =>
    linkTo(
      line,
      { start: match.index, end: match.index + match[0].length },
      uri.with({ fragment: `L${match[1] ?? "1"}` }),
    ),
  );
}

/** In "For fewer rebuilds" and in "What counts", the ignore file is named in a sentence. */
function ignoreFileIn(line: vscode.TextLine, files: Shown["files"]): readonly vscode.DocumentLink[] {
  const match = /(?:^ *|ignore it in )(\S*(?:docker|container)ignore)\b/.exec(line.text);
  const name = match?.[1];
  const uri = name === undefined ? undefined : files.get(name);
  if (match === null || name === undefined || uri === undefined) {
    return [];
  }
  const end = match.index + match[0].length;
  return [linkTo(line, { start: end - name.length, end }, uri)];
}

function linkTo(
  { lineNumber }: vscode.TextLine,
  { start, end }: { readonly start: number; readonly end: number },
  target: vscode.Uri,
): vscode.DocumentLink {
  return new vscode.DocumentLink(new vscode.Range(lineNumber, start, lineNumber, end), target);
}
