import { status, type handleBidiStreamingCall } from "@grpc/grpc-js";
import { messageOf } from "../../core/errors/ExpectedError";
import { DiffCopy } from "./DiffCopy";
import { parseFolderRequest } from "./folderRequest";
import { selectEntries } from "./selectEntries";
import { streamMethod, type SessionService } from "./SessionService";
import type { SharedFolder } from "./SharedFolder";

export interface FileSyncOptions {
  /** By the names that the builder uses. */
  readonly folders: ReadonlyMap<string, SharedFolder>;
  /** Called when a folder could not be sent, other than because the builder did not want it any more. */
  readonly onFailure: (error: unknown) => void;
}

/** moby.filesync.v1.FileSync (session/filesync of moby/buildkit): gives folders of this machine to the builder. */
export function fileSyncService({ folders, onFailure }: FileSyncOptions): SessionService {
  const diffCopy: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
    const request = parseFolderRequest(call.metadata);
    const folder = folders.get(request.name);
    if (folder === undefined) {
      call.emit("error", { code: status.NOT_FOUND, details: `no access allowed to dir "${request.name}"` });
      return;
    }
    const copy = new DiffCopy(call);
    selectEntries(folder, request)
      .then(async (entries) => copy.send(entries))
      .catch((error: unknown) => {
        onFailure(error);
        call.emit("error", { code: status.ABORTED, details: messageOf(error) });
      });
  };
  return {
    definition: { diffCopy: streamMethod("/moby.filesync.v1.FileSync/DiffCopy") },
    implementation: { diffCopy },
  };
}
