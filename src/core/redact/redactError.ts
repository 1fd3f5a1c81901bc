import { EngineRequestError, NoSpaceError } from "../errors/engineErrors";
import { ImageBuildError, ImageNotFoundError, RegistryAuthError } from "../errors/imageErrors";
import type { Redactor } from "./Redactor";

/**
 * The same error without secrets in what an engine or a builder has said. What is changed has no cause: that would have
 * them still.
 */
export function redactError(error: unknown, redactor: Redactor): unknown {
  const redact = (text: string): string => redactor.redact(text);
  if (error instanceof ImageBuildError) {
    const { step, output, detail, ...rest } = error.failure;
    const failure = {
      ...rest,
      step: step === undefined ? undefined : redact(step),
      output: redactor.redactTail(output),
      detail: redact(detail),
    };
    return failure.step === step && failure.output === output && failure.detail === detail
      ? error
      : new ImageBuildError(failure);
  }
  if (error instanceof RegistryAuthError && redact(error.detail) !== error.detail) {
    return new RegistryAuthError(error.reference, error.registry, redact(error.detail), error.location);
  }
  if (error instanceof ImageNotFoundError && redact(error.detail) !== error.detail) {
    return new ImageNotFoundError(error.reference, redact(error.detail), error.location);
  }
  if (error instanceof EngineRequestError && redact(error.detail) !== error.detail) {
    return new EngineRequestError(error.status, error.during, redact(error.detail));
  }
  if (error instanceof NoSpaceError && redact(error.detail) !== error.detail) {
    return new NoSpaceError(error.address, error.during, redact(error.detail));
  }
  return error;
}
