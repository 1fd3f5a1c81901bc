import type { RandomSource } from "./RandomSource";

export interface RandomDockerfileOptions {
  readonly random: RandomSource;
  /** What is in the context when it is written. */
  readonly paths: readonly string[];
  /** Goes into every step, so that no other test has had the same step before. */
  readonly salt: string;
  /** Flags of COPY that the engine's own frontend has besides the old ones. */
  readonly flags: ReadonlySet<"exclude" | "parents">;
}

export interface RandomDockerfile {
  readonly text: string;
  /** The build arguments. */
  readonly args: Readonly<Record<string, string>>;
}

/** A Dockerfile of a few stages that take this and that from a context, in all the ways there are; most can be built. */
export function randomDockerfile(options: RandomDockerfileOptions): RandomDockerfile {
  const { random } = options;
  const stages: string[] = [];
  const lines: string[] = random.chance(30) ? [`ARG GLOBAL=${pathIn(options)}`] : [];
  const count = 1 + random.below(3);
  for (let index = 0; index < count; index += 1) {
    const name = `stage${String(index)}`;
    const base = random.pick(["scratch", "scratch", "busybox", ...stages]);
    lines.push(`FROM ${base} AS ${name}`);
    const steps = 1 + random.below(4);
    for (let step = 0; step < steps; step += 1) {
      lines.push(...instruction(options, `${options.salt}-${String(index)}-${String(step)}`, stages));
    }
    stages.push(name);
  }
  const args = random.chance(60) ? { GIVEN: sourceIn(options), GLOBAL: pathIn(options) } : {};
  return { text: `${lines.join("\n")}\n`, args };
}

function instruction(options: RandomDockerfileOptions, id: string, stages: readonly string[]): readonly string[] {
  const { random } = options;
  const target = `/out/${id}/`;
  switch (
    random.pick(["copy", "copy", "copy", "copy", "add", "variable", "variable", "mount", "stage", "onbuild"] as const)
  ) {
    case "copy":
      return [copy(options, target)];
    case "add":
      return [`ADD ${words([sourceIn(options), target], random)}`];
    case "variable": {
      const value = sourceIn(options).replaceAll(" ", "?");
      const [define, use] = random.pick([
        [`ENV V=${value}`, "$V"],
        [`ARG V=${value}`, "${V}"],
        [`ENV V ${value}`, "${V:-b}"],
        ["ARG GIVEN", "$GIVEN"],
        ["ARG GLOBAL", "${GLOBAL:-a}"],
        [`ENV W=${value} V=$W`, "${V:-a}"],
        [`ARG W=${value}\nENV V=./$W`, "$V"],
      ] as const);
      return [define, `COPY ${use} ${target}`];
    }
    case "mount": {
      const source = random.chance(20) ? "" : `,source=${pathIn(options)}`;
      const command = JSON.stringify(["/tools/bin/busybox", "cp", "-a", `/context-${id}`, `/out-${id}`]);
      const tools = "--mount=type=bind,from=busybox,target=/tools";
      return [`RUN ${tools} --mount=type=bind${source},target=/context-${id} ${command}`];
    }
    case "stage":
      return stages.length === 0 ? [copy(options, target)] : [`COPY --from=${random.pick(stages)} /out* ${target}`];
    case "onbuild":
      // Not all engines run those of a stage in the stages that are built from it.
      return [`${random.chance(40) ? "ONBUILD " : ""}${copy(options, target)}`];
  }
}

function copy(options: RandomDockerfileOptions, target: string): string {
  const { random, flags } = options;
  const sources = Array.from({ length: random.chance(25) ? 2 : 1 }, () => sourceIn(options));
  const exclude =
    flags.has("exclude") && random.chance(25) ? [`--exclude=${random.pick(["*.md", "a", "**/b*", "?", "*/a"])}`] : [];
  const parents = flags.has("parents") && random.chance(25) ? ["--parents"] : [];
  return ["COPY", ...exclude, ...parents, words([...sources, target], random)].join(" ");
}

/** A path of the context, sometimes with wildcards or written strangely. */
function sourceIn(options: RandomDockerfileOptions): string {
  const { random } = options;
  const path = pathIn(options);
  if (random.chance(35)) {
    const names = path.split("/");
    const index = random.below(names.length);
    const name = names[index] ?? "";
    names[index] = random.pick(["*", `${name.slice(0, 1)}*`, "?".repeat(name.length), `[a-b]${name.slice(1)}`, "*.md"]);
    return names.join("/");
  }
  return random.pick([path, path, path, path, `/${path}`, `./${path}`, `../${path}`, `${path}/`, "."]);
}

/** One that is there, or one below a link, which may be there. */
function pathIn({ random, paths }: RandomDockerfileOptions): string {
  const path = random.pick(paths.length === 0 ? ["a"] : paths);
  return (random.chance(8) ? `${path}/${random.pick(["a", "b", "c", ".."])}` : path).replaceAll(" ", "?");
}

function words(texts: readonly string[], random: RandomSource): string {
  return random.chance(20) ? JSON.stringify(texts) : texts.join(" ");
}
