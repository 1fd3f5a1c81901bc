import { cacheFolder } from "../core/cacheFolder";
import { formatInput } from "../core/fingerprint/formatInput";
import { collectBuildInputs } from "../core/fingerprint/collectBuildInputs";
import { startOver } from "../core/fingerprint/startOver";
import { localImage } from "../core/image/localImage";
import { WorkspaceError } from "../core/errors/configurationErrors";
import { EngineUnavailableError } from "../core/errors/engineErrors";
import type { ContainerEngine } from "../core/ports/ContainerEngine";
import { MachineKey } from "../core/redact/MachineKey";
import { networkReader } from "./networkReader";
import { openConfiguration, openEngine } from "./openWorkspace";
import type { BuiltImageOptions, CommonOptions } from "./CliCommand";
import { writeOut } from "./writeOut";

const NO_ENGINE = { kind: "unix", socketPath: "" } as const;

/** `slipway fingerprint`: works without an engine, too; then base images count by name only, which is said. */
export async function printFingerprint(options: BuiltImageOptions, signal: AbortSignal): Promise<number> {
  const configuration = await openConfiguration(options);
  const { folder, image } = configuration;
  if (image.kind === "image") {
    throw new WorkspaceError(`This workspace uses the image ${image.reference} as it is: there is nothing to build.`);
  }
  const engine = await engineIfThere(options, signal);
  // Without an engine, the proxies are those of the default one.
  const network = await networkReader(options)(engine?.endpoint.address ?? NO_ENGINE);
  const machineKey = new MachineKey(cacheFolder());
  const { fingerprint, inputs } = await startOver(async () => {
    const collected = await collectBuildInputs({
      folder,
      build: image.build,
      engine: await engine?.info({ signal }),
      network,
      machineKey,
      imageOf: engine === undefined ? async () => Promise.resolve(null) : localImage(engine, signal),
      cacheFolder: cacheFolder(),
      signal,
    });
    return { fingerprint: collected.fingerprint, inputs: await collected.allInputs() };
  });
  if (machineKey.problem !== undefined) {
    await writeOut(process.stderr, `slipway: ${machineKey.problem}\n`);
  }
  const text = options.json
    ? JSON.stringify({ fingerprint, inputs })
    : [fingerprint, ...inputs.map((input) => `  ${formatInput(input)}`)].join("\n");
  await writeOut(process.stdout, `${text}\n`);
  return 0;
}

async function engineIfThere(options: CommonOptions, signal: AbortSignal): Promise<ContainerEngine | undefined> {
  try {
    return await openEngine(options, signal);
  } catch (error) {
    if (!(error instanceof EngineUnavailableError) || options.engine !== undefined) {
      throw error;
    }
    const what = "no container engine answers: base images count by their names only, which is another fingerprint";
    await writeOut(process.stderr, `slipway: ${what}. ${error.message}\n`);
    return undefined;
  }
}
