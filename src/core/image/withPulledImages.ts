import { withCurrentBaseImages, type CollectedInputs } from "../fingerprint/collectBuildInputs";
import type { ContainerEngine } from "../ports/ContainerEngine";
import { EventRedactor } from "../redact/EventRedactor";
import { redactError } from "../redact/redactError";
import { buildEvent, type ImageEvent } from "./ImageResolution";
import { localImage } from "./localImage";
import { redactorOf } from "./prepareBuild";
import { pullBaseImages, type PullOptions } from "./pullBaseImages";

/**
 * Pulls the base images, as pullBaseImages does and with its errors, without a word of what is secret.
 *
 * @returns the inputs as they are once the base images are there.
 */
export async function* withPulledImages(
  engine: ContainerEngine,
  collected: CollectedInputs,
  options: PullOptions,
): AsyncGenerator<ImageEvent, CollectedInputs> {
  const redactor = redactorOf(collected);
  const events = new EventRedactor(redactor);
  try {
    for await (const event of pullBaseImages(engine, collected, options)) {
      yield* events.redact(event).map(buildEvent);
    }
  } catch (error) {
    throw redactError(error, redactor);
  }
  return withCurrentBaseImages(collected, localImage(engine, options.signal));
}
