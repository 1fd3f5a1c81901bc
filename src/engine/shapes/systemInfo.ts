import { z } from "zod";

const shape = z.object({
  SystemTime: z.string().nullish(),
  KernelVersion: z.string().nullish(),
  SecurityOptions: z.array(z.string()).nullish(),
  /** Podman's own. */
  Rootless: z.boolean().nullish(),
});

export interface SystemInfo {
  readonly rootless: boolean;
  /** By the engine's clock, as it says it: "2026-11-27T01:14:26.894258123Z". */
  readonly time: string | undefined;
  /** As uname has it: "6.1.0-18-amd64". */
  readonly kernel: string | undefined;
}

/** GET /info. Docker tells that it is rootless among its security options, Podman 4.3 in a field of its own. */
export function parseSystemInfo(value: unknown): SystemInfo {
  const { SystemTime, KernelVersion, SecurityOptions, Rootless } = shape.parse(value);
  const option = (SecurityOptions ?? []).some((text) => text.split(",").includes("name=rootless"));
  return { rootless: Rootless ?? option, time: SystemTime ?? undefined, kernel: KernelVersion ?? undefined };
}
