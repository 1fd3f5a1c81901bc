import { setTimeout as sleep } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";

/** A row of any of VS Code's lists. */
export interface Row {
  readonly index: number;
  readonly last: boolean;
  readonly ariaLabel: string;
  readonly label: string;
  readonly description: string;
  readonly level: number;
  readonly expanded: string | null;
}

/** What `toRows` needs of an element of the page; the types of a page are not those of Node. */
interface PageElement {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
}

/** Runs in the page, where a row of any of VS Code's lists looks alike; so nothing from outside can be used in it. */
export function toRows(nodes: readonly PageElement[]): Row[] {
  return nodes.map((node) => ({
    index: Number(node.getAttribute("data-index")),
    last: node.getAttribute("data-last-element") === "true",
    ariaLabel: node.getAttribute("aria-label") ?? "",
    label: (node.querySelector(".label-name")?.textContent ?? "").trim(),
    description: (node.querySelector(".label-description")?.textContent ?? "").trim(),
    level: Number(node.getAttribute("aria-level") ?? 1),
    expanded: node.getAttribute("aria-expanded"),
  }));
}

/** All rows of a list, also those that it draws only when scrolled to. */
export async function readRows(page: Page, list: Locator): Promise<readonly Row[]> {
  const found = new Map<number, Row>();
  const read = async (): Promise<readonly Row[]> => {
    const rows = await list.locator(".monaco-list-row").evaluateAll(toRows);
    for (const row of rows) {
      found.set(row.index, row);
    }
    return rows;
  };
  let rows = await read();
  const isWhole = (): boolean => rows.length === 0 || (rows.some(({ last }) => last) && found.has(0));
  if (!isWhole()) {
    await list.hover();
    await page.mouse.wheel(0, -1_000_000);
    await sleep(100);
    rows = await read();
    while (!rows.some(({ last }) => last)) {
      const before = found.size;
      await page.mouse.wheel(0, 150);
      await sleep(50);
      rows = await read();
      if (found.size === before) {
        break;
      }
    }
    await page.mouse.wheel(0, -1_000_000);
  }
  return [...found.values()].sort((a, b) => a.index - b.index);
}
