import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { formatEngineAddress } from "../../core/ports/EngineEndpoint";
import type { EndpointCandidate } from "../../engine/discovery/EndpointCandidate";
import { currentEnvironment } from "../../engine/discovery/currentEnvironment";
import { explicitCandidate } from "../../engine/discovery/explicitCandidate";
import { listAllCandidates } from "../../engine/discovery/listCandidates";
import type { ProbedCandidate } from "../../engine/discovery/probeAll";
import { probeEndpoint } from "../../engine/discovery/probeEndpoint";
import type { EngineAccess } from "../EngineAccess";
import { SETTING } from "../ids";

/** Engines on this machine answer much sooner, others may have to log in first. In milliseconds. */
const SHOW_AFTER_MS = 1_000;

type Answer =
  | { readonly kind: "engine"; readonly candidate: EndpointCandidate }
  | { readonly kind: "automatic" }
  | { readonly kind: "address" };

interface Item extends vscode.QuickPickItem {
  readonly answer?: Answer;
}

/** Select Engine…: every engine that was found, with its version, and why the others cannot be used. */
export async function selectEngineCommand(engines: EngineAccess): Promise<void> {
  const answer = await ask(engines);
  switch (answer?.kind) {
    case undefined:
      return;
    case "automatic":
      await engines.choose(undefined);
      break;
    case "engine":
      await choose(engines, answer.candidate.choice);
      break;
    case "address": {
      const address = await askForAddress(engines);
      if (address === undefined) {
        return;
      }
      await choose(engines, address);
    }
  }
  const engine = await engines.monitor.get();
  const { kind, version } = await engine.info();
  const name = `${kind === "podman" ? "Podman" : "Docker"} ${version}`;
  vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t("Slipway uses {0}", name)}`, 5_000);
}

async function choose(engines: EngineAccess, address: string): Promise<void> {
  await engines.choose({ address, source: vscode.l10n.t("chosen for this workspace") });
}

/** @returns undefined when the question was dismissed. */
async function ask(engines: EngineAccess): Promise<Answer | undefined> {
  const picker = vscode.window.createQuickPick<Item>();
  const leaving = new AbortController();
  picker.title = vscode.l10n.t("Which engine is to build and run here? Your answer is remembered for this workspace.");
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.busy = true;
  picker.placeholder = vscode.l10n.t("Looking for engines…");
  picker.show();
  try {
    return await new Promise<Answer | undefined>((resolve, reject) => {
      picker.onDidAccept(() => {
        const answer = picker.selectedItems[0]?.answer;
        if (answer !== undefined) {
          resolve(answer);
        }
      });
      picker.onDidHide(() => {
        resolve(undefined);
      });
      // What is still being asked when somebody has chosen ends with the signal, and is of no interest any more.
      fill(picker, engines, leaving.signal).catch(reject);
    });
  } finally {
    leaving.abort();
    picker.dispose();
  }
}

/**
 * VS Code tells of a choice by its position, so that an entry which moves while somebody clicks would be another one:
 * the list is shown once most have answered, and what answers later goes to its end.
 */
async function fill(picker: vscode.QuickPick<Item>, engines: EngineAccess, signal: AbortSignal): Promise<void> {
  const environment = currentEnvironment({ allowPlainTcp: engines.allowsPlainTcp() });
  const { state } = engines.monitor;
  const inUse = state.kind === "connected" ? formatEngineAddress(state.engine.endpoint.address) : undefined;
  const answered: ProbedCandidate[] = [];
  const candidates = listAllCandidates(environment, engines.choice());
  const probes = candidates.map(async (candidate) => {
    answered.push({ candidate, result: await probeEndpoint(candidate, signal) });
  });
  const all = Promise.allSettled(probes);
  await Promise.race([all, setTimeout(SHOW_AFTER_MS, undefined, { signal })]);
  const inTime = candidates.flatMap((candidate) => answered.filter((probed) => probed.candidate === candidate));
  const items = [...engineItems(inTime, inUse), ...fixedItems(engines)];
  picker.items = items;
  picker.placeholder = "";
  if (inTime.length < candidates.length) {
    await all;
    const late = engineItems(
      answered.filter((probed) => !inTime.includes(probed)),
      inUse,
    );
    // A list that is drawn anew takes no notice of a click that has just begun.
    if (late.length > 0) {
      picker.items = [...items, ...late];
    }
  }
  picker.busy = false;
}

function engineItems(found: readonly ProbedCandidate[], inUse: string | undefined): readonly Item[] {
  const usable: Item[] = [];
  const others: Item[] = [];
  for (const { candidate, result } of found) {
    const { address, source } = candidate;
    const answer = { kind: "engine", candidate } as const;
    if (result.kind === "engine") {
      const { kind, version } = result.info;
      const used = address === inUse ? ` (${vscode.l10n.t("in use")})` : "";
      const label = `$(server-environment) ${kind === "podman" ? "Podman" : "Docker"} ${version}${used}`;
      usable.push({ label, description: address, detail: source, answer });
    } else if (result.attempt.isDefault !== true || result.attempt.problem !== "not-found") {
      const label = `$(circle-slash) ${address}`;
      others.push({ label, description: source, detail: result.attempt.detail, answer });
    }
  }
  return [
    ...section(vscode.l10n.t("engines that answer"), usable),
    ...section(vscode.l10n.t("engines that cannot be used now"), others),
  ];
}

function section(label: string, items: readonly Item[]): readonly Item[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

function fixedItems(engines: EngineAccess): readonly Item[] {
  const automatic = vscode.l10n.t("Look for One");
  return section(vscode.l10n.t("other ways"), [
    {
      label: `$(search) ${automatic}`,
      description: engines.isChosen ? "" : vscode.l10n.t("as now"),
      detail: vscode.l10n.t(
        "The setting {0}, else DOCKER_HOST, else the current docker context, else the first that answers.",
        `${SETTING.section}.${SETTING.engine}`,
      ),
      answer: { kind: "automatic" },
    },
    { label: `$(edit) ${vscode.l10n.t("Enter an Address…")}`, answer: { kind: "address" } },
  ]);
}

async function askForAddress(engines: EngineAccess): Promise<string | undefined> {
  const environment = currentEnvironment({ allowPlainTcp: engines.allowsPlainTcp() });
  const address = await vscode.window.showInputBox({
    title: vscode.l10n.t("Where does the engine listen?"),
    placeHolder: "unix:///path/of/the.sock, ssh://user@host, tcp://host:2376, npipe:////./pipe/name",
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (text.trim() === "") {
        return undefined;
      }
      const { target } = explicitCandidate(environment, { address: text, source: "" });
      return target.kind === "unusable" ? target.detail : undefined;
    },
  });
  return address?.trim() === "" ? undefined : address?.trim();
}
