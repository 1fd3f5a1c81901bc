import { formatEngineAddress, type EngineAddress } from "../../core/ports/EngineEndpoint";
import { IDENTITY } from "./parseSshAddress";

/**
 * What to write to choose this address. It is kept, and is to mean the same when the variables of the environment are
 * others: tcp:// speaks TLS or not as they say.
 */
export function choiceOf(address: EngineAddress): string {
  const text = formatEngineAddress(address);
  switch (address.kind) {
    case "unix":
    case "npipe":
      return text;
    case "ssh": {
      const { identityFile } = address;
      return identityFile === undefined
        ? text
        : `${text}${IDENTITY}${encodeURIComponent(identityFile).replaceAll("%2F", "/")}`;
    }
    case "tcp": {
      const { tls } = address;
      // Not to check a certificate is nothing to be kept: without the variable that says so, it is refused.
      return tls?.skipVerify === true ? text : text.replace(/^tcp:/, tls === undefined ? "http:" : "https:");
    }
  }
}
