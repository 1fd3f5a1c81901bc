import assert from "node:assert/strict";
import { toNoSpaceError } from "./toNoSpaceError";

const toError = (detail: string): ReturnType<typeof toNoSpaceError> => toNoSpaceError("unix:///e", "pulling a", detail);

describe("toNoSpaceError", () => {
  for (const [who, detail] of [
    ["Docker 20.10, create", "no space left on device"],
    ["Docker 20.10, pull", "write /var/lib/docker/tmp/GetImageBlob303887004: no space left on device"],
    ["BuildKit of Docker 20.10", "failed to prepare yirc83zsupkh21m7tu0ptgqjj: no space left on device"],
    [
      "Podman 4.3, create",
      "container create: creating container storage: write /r/vfs-layers/.tmp-layers.json2: no space left on device",
    ],
    [
      "Podman 4.3, copyTo and build",
      'copier: put: error creating "/big": copier: put: error writing file "/big": write /big: no space left on device\n\n\n',
    ],
  ] as const) {
    it(`hears that the disk is full: ${who}`, () => {
      assert.match(
        toError(detail)?.message ?? "",
        /has no space left \(pulling a\): .*no space left on device\. Remove/,
      );
    });
  }

  it("keeps of many words the last ones", () => {
    const error = toError(`${"IgnoreDevices:false, ".repeat(100)}write /big: no space left on device`);
    assert.match(error?.detail ?? "", /^….{200,}write \/big: no space left on device$/);
  });

  it("hears something else", () => {
    assert.equal(toError("manifest unknown"), undefined);
    assert.equal(toError("no such device"), undefined);
  });
});
