import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { engineSettings, registriesText, settingsText, ulimitSettings } from "./podmanSettings.mjs";

describe("settingsText", () => {
  it("writes sections, those without lines left out", () =>
    assert.equal(settingsText({ "": ["a = 1"], b: ["c = 2"], d: [] }), "a = 1\n\n[b]\nc = 2\n"));
});

describe("ulimitSettings", () => {
  const limits = (hard) =>
    `Limit  Soft Limit  Hard Limit  Units\nMax open files            1024       ${hard}    files\n`;

  it("stays below a low limit", () => {
    const wanted = ['default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]'];
    assert.deepEqual(ulimitSettings(limits("20000")), wanted);
  });

  it("leaves Podman's own where they fit", () => {
    assert.deepEqual(ulimitSettings(limits("1048576")), []);
    assert.deepEqual(ulimitSettings(limits("unlimited")), []);
  });
});

describe("engineSettings", () => {
  it("changes nothing on an ordinary machine", () =>
    assert.deepEqual(engineSettings({ oldCgroups: false, systemd: true }), []));
  it("does without systemd", () =>
    assert.match(engineSettings({ oldCgroups: false, systemd: false }).join("\n"), /cgroupfs/));
});

describe("registriesText", () => {
  it("begins with what belongs to no section", () =>
    assert.match(registriesText, /^unqualified.*\n\n\[\[registry\]\]/));
});
