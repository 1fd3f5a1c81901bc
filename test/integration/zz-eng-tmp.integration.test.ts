import { collect } from "../conformance/collect";
import type { BuildImageOptions } from "../../src/core/ports/ContainerEngine";
import { testEngines } from "./testEngines";
for (const { name, connect } of testEngines().filter((e) => !e.name.includes("rootless"))) {
  describe(name, () => {
    for (const id of ["a b", "ü", "a=b", "a/b", "a:b", "'q'", "..", "src=x", "a%2Fb", "\\x", "type=env", "type=file"]) it(id, async () => {
      const on = connect();
      try {
        const dockerfile = `FROM busybox\nRUN --mount=type=secret,"id=${id}",target=/run/x,required=true cat /run/x\n`;
        const events = await collect(on.buildImage({
          context: { root: "/nowhere", entries: [], dockerfile: { pathInContext: undefined, content: Buffer.from(dockerfile) } },
          tags: [], labels: { "dev.slipway.test": "x y" }, args: {}, noCache: true, secrets: new Map([[id, Buffer.from("content-" )]]),
        } as BuildImageOptions));
        const text = events.map((e) => (e.type === "output" ? e.text : "")).join("");
        console.log(text.includes("content-") ? "OK" : "NO: " + text);
      } catch (e) { console.log("ERR", String(e).slice(0, 200)); }
      await on.close();
    });
  });
}
