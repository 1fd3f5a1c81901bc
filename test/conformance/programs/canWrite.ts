import { FakeFileError } from "../../fake/FakeFileError";
import type { FakeFiles } from "../../fake/FakeFiles";

/** Writes a file, unless the file system refuses. */
export function canWrite(files: FakeFiles, path: string, content: string): boolean {
  try {
    files.write(path, content);
    return true;
  } catch (error) {
    if (error instanceof FakeFileError) {
      return false;
    }
    throw error;
  }
}
