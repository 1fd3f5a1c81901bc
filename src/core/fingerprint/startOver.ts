import { ContextChangedError } from "../errors/imageErrors";

/** How often something is tried when files change under it. */
export const MOST_ATTEMPTS = 3;

/** Does it again when something changed while it was read, up to MOST_ATTEMPTS times. */
export async function startOver<T>(action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ContextChangedError) || attempt === MOST_ATTEMPTS) {
        throw error;
      }
    }
  }
}
