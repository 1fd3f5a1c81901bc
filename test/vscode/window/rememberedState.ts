import type { Page } from "playwright-core";

/** Runs in the page. A text, since what is compiled for Node has helpers in it that the page does not know. */
const READ_DATABASES = `(async () => {
  const answer = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const texts = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith("vscode-web-state-db")) continue;
    const database = await answer(indexedDB.open(name));
    try {
      for (const store of database.objectStoreNames) {
        texts.push(...await answer(database.transaction(store, "readonly").objectStore(store).getAll()));
      }
    } finally {
      database.close();
    }
  }
  return texts.map(String).join("\\n");
})()`;

/** All that VS Code has written down in the browser of what is remembered for workspaces. */
export async function rememberedState(page: Page): Promise<string> {
  return page.evaluate<string>(READ_DATABASES);
}
