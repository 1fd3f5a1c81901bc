import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { slipwaySchema } from "../src/core/config/slipwaySchema";

/** Writes the schema that the extension contributes. A unit test tells when it has to be run again: npm run schema. */
const file = join(__dirname, "..", "schemas", "slipway.schema.json");
writeFileSync(file, `${JSON.stringify(slipwaySchema(), undefined, 2)}\n`);
