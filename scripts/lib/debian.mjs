import { readFileSync } from "node:fs";
import { execute } from "./run.mjs";

/** This machine's release, and the mirror that it has its packages from, where it says so. */
export async function hostRelease() {
  const text = readFileSync("/etc/os-release", "utf8");
  const field = (name) => new RegExp(`^${name}="?([^"\n]+)"?$`, "m").exec(text)?.[1];
  const codename = field("VERSION_CODENAME");
  const format = "$(CREATED_BY) $(CODENAME) $(COMPONENT) $(REPO_URI)";
  const { output } = await execute(["apt-get", "indextargets", "--format", format]).catch(() => ({ output: "" }));
  const mirror = codename && new RegExp(`^Packages ${codename} main (\\S+)$`, "m").exec(output)?.[1];
  return { id: field("ID"), codename, mirror };
}
