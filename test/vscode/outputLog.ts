import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";

/**
 * Everything an extension has written to an output channel since the window opened, also what it cleared since:
 * VS Code keeps each channel in a file of its own, and the editor shows only its tail. Undefined before the channel
 * exists.
 */
export async function readOutputLog(serverDataDir: string, channel: string): Promise<string | undefined> {
  const logs = path.join(serverDataDir, "data", "logs");
  // VS Code leaves these out of file names too.
  const name = `${channel.replace(/[\\/:*?"<>|]/g, "")}.log`;
  const files = (await readdir(logs, { recursive: true }).catch((): string[] => [])).filter((file) => {
    const base = path.basename(file);
    return file.includes("exthost") && (base === name || base.replace(/^\d+-/, "") === name);
  });
  const dated = await Promise.all(
    files.map(async (file) => ({ file: path.join(logs, file), time: (await stat(path.join(logs, file))).mtimeMs })),
  );
  const [latest] = dated.sort((a, b) => b.time - a.time);
  return latest === undefined ? undefined : await readFile(latest.file, "utf8");
}
