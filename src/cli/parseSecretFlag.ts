import type { BuildSection } from "../core/config/buildSection";
import type { Environment } from "./Environment";
import { splitFields } from "./splitFields";
import { UsageError } from "./UsageError";

type SecretSection = NonNullable<BuildSection["secrets"]>[number];

/**
 * Reads the docker CLI's --secret (util/buildflags of docker/buildx): fields with commas between them, in which `src` or
 * `source` is a file, or the variable where `type=env` says so. With an ID alone, the variable of that name is meant, else
 * the file. Throws UsageError.
 */
export function parseSecretFlag(text: string, env: Environment): SecretSection {
  const fields = new Map(splitFields(text)?.map(splitField) ?? [["", undefined]]);
  const id = fields.get("id");
  const type = fields.get("type");
  const source = fields.get("src") ?? fields.get("source");
  const unknown = [...fields].find(([name, value]) => !KNOWN.has(name) || value === undefined || value === "");
  if (id === undefined || unknown !== undefined || (type !== undefined && type !== "env" && type !== "file")) {
    throw wrong();
  }
  const variable = fields.get("env") ?? (type === "env" ? source : undefined);
  const file = type === "env" ? undefined : source;
  if (variable !== undefined && (file !== undefined || type === "file")) {
    throw wrong();
  }
  if (variable !== undefined || file !== undefined) {
    return variable === undefined ? { id, file } : { id, env: variable };
  }
  return type !== "file" && (type === "env" || Object.hasOwn(env, id)) ? { id, env: id } : { id, file: id };
}

const KNOWN: ReadonlySet<string> = new Set(["id", "type", "src", "source", "env"]);

function splitField(field: string): readonly [string, string | undefined] {
  const at = field.indexOf("=");
  return at < 0 ? [field, undefined] : [field.slice(0, at).trim().toLowerCase(), field.slice(at + 1)];
}

/** Does not repeat what was written: that may be the secret itself. */
function wrong(): UsageError {
  return new UsageError("--secret wants id=ID,src=FILE or id=ID,env=VARIABLE.");
}
