import { EngineRequestError } from "../core/errors/engineErrors";
import { ImageNotFoundError, RegistryAuthError } from "../core/errors/imageErrors";
import { isLoginRefusal } from "./credentials/isLoginRefusal";
import { isMissingImage } from "./credentials/isMissingImage";
import { toNoSpaceError } from "./toNoSpaceError";

export interface TransferRefusal {
  readonly reference: string;
  /** Its host, as it stands before the name of an image. */
  readonly registry: string;
  /** The engine's address. */
  readonly engine: string;
  /** For messages: "pulling busybox". */
  readonly during: string;
  /** 200 where the refusal came as a line of an answer. */
  readonly status: number;
  readonly detail: string;
}

/** What it means that an image was not pulled or pushed. */
export function transferRefusal({ reference, registry, engine, during, status, detail }: TransferRefusal): Error {
  const noSpace = toNoSpaceError(engine, during, detail);
  if (noSpace !== undefined) {
    return noSpace;
  }
  if (isLoginRefusal(status, detail)) {
    return new RegistryAuthError(reference, registry, detail);
  }
  return isMissingImage(status, detail)
    ? new ImageNotFoundError(reference, detail)
    : new EngineRequestError(status, during, detail);
}
