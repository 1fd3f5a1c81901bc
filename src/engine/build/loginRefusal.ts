import { RegistryAuthError, type ImageBuildError } from "../../core/errors/imageErrors";
import { isLoginRefusal } from "../credentials/isLoginRefusal";
import type { NamedImage } from "./namedImages";

/** Builders tell in words only that a registry has refused an image. What a step has written is not among them. */
export function loginRefusal(
  { step = "", exitCode, detail }: ImageBuildError["failure"],
  images: readonly NamedImage[],
): RegistryAuthError | undefined {
  if (exitCode !== undefined || !isLoginRefusal(200, detail)) {
    return undefined;
  }
  const image =
    images.find(({ reference }) => `${step} ${detail}`.includes(reference)) ??
    images.find(({ target }) => detail.includes(target.registry));
  return image === undefined ? undefined : new RegistryAuthError(image.reference, image.target.registry, detail);
}
