import { randomBytes } from "node:crypto";
import type { StepConfiguration } from "../../src/core/config/WorkspaceConfiguration";
import type { ContainerEngine } from "../../src/core/ports/ContainerEngine";
import type { ContainerSpec } from "../../src/core/ports/ContainerTypes";
import type { StepListOptions } from "../../src/core/task/StepListOptions";
import { runSteps } from "../../src/core/task/TaskRunner";
import { StepsReader } from "./StepsReader";

type RunOptions = Partial<Omit<StepListOptions, "engine" | "steps">> & { readonly user?: string | undefined };

/** argv of a script. */
export function shell(script: string): { readonly command: readonly string[] } {
  return { command: ["/bin/sh", "-c", script] };
}

/** A container that is kept alive, in which tests run steps. */
export class StepsContainer {
  private constructor(
    readonly engine: ContainerEngine,
    readonly id: string,
    readonly name: string,
  ) {}

  static async start(engine: ContainerEngine, spec: Partial<ContainerSpec> = {}): Promise<StepsContainer> {
    const name = `slipway-test-${randomBytes(4).toString("hex")}`;
    const id = await engine.createContainer({
      ...{ image: "busybox", name, labels: { "dev.slipway.test": name }, env: {}, workingDirectory: "/" },
      command: ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done"],
      ...{ mounts: [], ports: [] },
      ...spec,
    });
    await engine.startContainer(id);
    return new StepsContainer(engine, id, name);
  }

  run(steps: readonly Partial<StepConfiguration>[], { user, ...options }: RunOptions = {}): StepsReader {
    return new StepsReader(
      runSteps({
        engine: this.engine,
        container: { id: this.id, name: this.name, user, workspaceFolder: "/tmp" },
        part: "task",
        steps: steps.map((step, index) => ({ name: `step ${String(index)}`, command: ["true"], ...step })),
        ...options,
      }),
    );
  }

  /** Command lines of all that runs in it. */
  async processes(): Promise<string> {
    const reader = this.run([{ command: ["ps", "-o", "args"] }]);
    await reader.ended;
    return reader.text("stdout");
  }

  /** The engine is let go of, too. */
  async remove(): Promise<void> {
    await this.engine.removeContainer(this.id);
    await this.engine.close();
  }
}
