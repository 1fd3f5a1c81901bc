import type { ResolveOptions } from "../image/ImageBuilder";
import type { ImageResolution } from "../image/ImageResolution";
import type { NetworkSettings } from "../network/NetworkSettings";
import type { JobEvent } from "./JobEvent";
import type { PhaseClock } from "./PhaseClock";
import { resolveImage, type ImageOfOptions } from "./resolveImage";

/** The image, found, built or pulled, each of it a phase of its own. */
export async function* resolveTimed(
  options: ImageOfOptions & ResolveOptions,
  network: NetworkSettings,
  clock: PhaseClock,
): AsyncGenerator<JobEvent, ImageResolution> {
  for (const message of network.warnings) {
    yield { type: "warning", message };
  }
  const images = resolveImage(options, network);
  const started = performance.now();
  let checked: number | undefined;
  let waited = false;
  try {
    for (;;) {
      const next = await images.next();
      if (next.done === true) {
        if (waited) {
          const phase = next.value.wasBuilt ? "build" : next.value.waited === true ? "wait" : "pull";
          clock.add(phase, performance.now() - started - (checked ?? 0));
        }
        yield { type: "image", resolution: next.value };
        return next.value;
      }
      if (next.value.type === "decision" && checked === undefined) {
        checked = next.value.durationMs;
        clock.add("check", checked);
      }
      waited = waited || next.value.type === "build";
      yield next.value;
    }
  } finally {
    // Whoever leaves the loop over the events leaves the build, too; after its end this does nothing.
    await images.return({ reference: "", imageId: "", fingerprint: undefined, wasBuilt: false, reason: "" });
  }
}
