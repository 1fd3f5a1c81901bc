import { Type, Field } from "protobufjs/light";
import { z } from "zod";

const texts = z.record(z.string(), z.string());

/**
 * A message of protobuf whose fields are texts.
 *
 * @param fields their names, from number 1 on.
 */
export function textMessage<Name extends string>(
  fields: readonly Name[],
): {
  readonly encode: (values: Readonly<Partial<Record<Name, string>>>) => Buffer;
  /** Fields that are not there are "". Throws Error when the bytes are something else. */
  readonly decode: (bytes: Uint8Array) => Readonly<Record<Name, string>>;
} {
  const type = new Type("Message");
  for (const [index, name] of fields.entries()) {
    type.add(new Field(name, index + 1, "string"));
  }
  return {
    encode: (values) => Buffer.from(type.encode(values).finish()),
    decode: (bytes) => texts.parse(type.toObject(type.decode(bytes), { defaults: true })) as Record<Name, string>,
  };
}
