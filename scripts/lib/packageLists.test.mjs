import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { parseDependencies, parseInstalled } from "./packageLists.mjs";

describe("parseDependencies", () => {
  it("has each package once, alternatives too, and neither virtual packages nor other relations", () => {
    const text = `openssh-server
  PreDepends: init-system-helpers
  Depends: libwrap0
 |Depends: debconf
  Depends: <debconf-2.0>
    cdebconf
    debconf
  Depends: libwrap0
  Depends: libc6:i386
  Conflicts: libold1
`;
    assert.deepEqual(parseDependencies(text), ["init-system-helpers", "libwrap0", "debconf", "libc6"]);
  });
});

describe("parseInstalled", () => {
  it("leaves out what only has settings left", () =>
    assert.deepEqual([...parseInstalled("libwrap0 installed\nlibnsl2 config-files\n")], ["libwrap0"]));
});
