import { WorkerScanner } from "./WorkerScanner";

let scanner: WorkerScanner | undefined;

/** The one of this process: a second thread would only take the processor from the first. */
export function sharedScanner(): WorkerScanner {
  scanner ??= new WorkerScanner();
  return scanner;
}
