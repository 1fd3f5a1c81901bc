import type { Installation } from "./vscodeInstallation.mjs";

type Log = (message: string) => void;

export interface VscodeServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export const quietSettings: Readonly<Record<string, unknown>>;

export function installExtension(options: {
  readonly installation: Installation;
  readonly vsix: string;
  readonly extensionsDir: string;
  readonly serverDataDir: string;
}): Promise<void>;

export function startVscodeServer(options: {
  readonly installation: Installation;
  readonly extensionsDir: string;
  readonly serverDataDir: string;
  readonly smokeTestDriver?: boolean;
  readonly workspaceTrust?: boolean;
  readonly port?: number;
  readonly connectionToken?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly args?: readonly string[];
  readonly log?: Log;
}): Promise<VscodeServer>;
