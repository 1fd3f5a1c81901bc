import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bench } from "./Bench";
import { allCases } from "./cases/allCases";
import { engineAddress, oldDockerCli, provideDockerCli } from "./environment.mjs";
import { runCase } from "./runCase";

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-bench-"));
  try {
    const name = process.env["E"] ?? "docker28";
    const address = await engineAddress(name);
    const cli = name === "docker20" ? { docker: oldDockerCli() ?? "docker", buildx: undefined } : await provideDockerCli((line) => process.stderr.write(`${line}\n`));
    const bench = new Bench({ folder, address, cli, runId: "1" });
    for (const one of allCases(bench)) {
      if (process.argv.length > 2 && !process.argv.includes(one.name)) continue;
      const r = await runCase(one, Number(process.env["N"] ?? 3), (line) => process.stderr.write(`${line}\n`));
      console.log(r.name, r.contenders.map((c) => `${c.name} ${c.median.ms.toFixed(0)} blocked ${c.median.blockedMs?.toFixed(0)}`), r.limits.map((l) => `${l.value.toFixed(2)} ${l.holds}`));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
main().then(()=>undefined,(e)=>{console.error(e);process.exitCode=1});
