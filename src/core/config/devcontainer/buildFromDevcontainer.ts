import { resolve } from "node:path";
import { buildSection, type BuildSection } from "../buildSection";
import { buildOptions } from "./buildOptions";
import type { DevcontainerFile } from "./devcontainerFile";
import { SectionBuilder } from "./SectionBuilder";
import type { TranslationNotes } from "./TranslationNotes";

/**
 * How the image of a devcontainer.json is built.
 *
 * @param base absolute path of the folder of the file: its paths are relative to that.
 * @returns undefined where it names no Dockerfile.
 */
export function buildFromDevcontainer(
  { build, dockerFile, context }: DevcontainerFile,
  notes: TranslationNotes,
  base: string,
): BuildSection | undefined {
  const dockerfile = build?.dockerfile ?? dockerFile;
  if (dockerfile === undefined) {
    return undefined;
  }
  const sections = new SectionBuilder<BuildSection>(buildSection);
  sections.take({
    dockerfile: resolve(base, dockerfile),
    context: resolve(base, build?.context ?? context ?? "."),
  });
  if (build?.target !== undefined) {
    notes.problem(["build", "target"], sections.take({ target: build.target }));
  }
  notes.problem(["build", "args"], sections.take({ args: build?.args ?? {} }));
  for (const source of [build?.cacheFrom ?? []].flat()) {
    const refused = sections.take({ cacheFrom: [source] });
    if (refused !== undefined) {
      notes.warn(`build.cacheFrom "${source}" ${refused}`);
    }
  }
  for (const { option, section } of buildOptions(build?.options ?? [])) {
    const refused = section === undefined ? "has no equivalent" : sections.take(section);
    if (refused !== undefined) {
      notes.warn(`"${option.text}" of build.options is not applied: ${refused}`);
    }
  }
  const built = sections.build();
  if ("problem" in built) {
    notes.problem(["build"], built.problem);
    return undefined;
  }
  return built.section;
}
