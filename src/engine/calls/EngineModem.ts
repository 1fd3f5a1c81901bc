import { detailOf, type EngineConnection } from "../EngineConnection";
import { exchange } from "./exchange";
import { RefusedCall, UNKNOWN_FORM } from "../RefusedCall";

/** What dockerode hands over for a request; `options` is what its caller gave. */
interface DialOptions {
  /** A "?" at its end stands for a query made of `options`. */
  readonly path: string;
  readonly method: string;
  readonly abortSignal?: AbortSignal | undefined;
  readonly options?: (Readonly<Record<string, unknown>> & QueryAndBody) | undefined;
}

/** dockerode's own names for options that go into one of the two only. */
interface QueryAndBody {
  readonly _query?: Readonly<Record<string, unknown>> | undefined;
  readonly _body?: unknown;
  readonly abortSignal?: AbortSignal | undefined;
}

/**
 * Sends dockerode's requests, in place of docker-modem, over our own connection: with its TLS, its tunnels and its
 * version of the API; without waiting for ever for an answer that is cut off, without writing what it sends (with its
 * secrets) to the log of `DEBUG`, and without asking the environment where the engine is. Only what is answered at once;
 * streams are not for dockerode.
 */
export class EngineModem {
  /** Set by dockerode. */
  Promise: PromiseConstructor = Promise;

  constructor(private readonly connection: EngineConnection) {}

  dial(options: DialOptions, callback: (error: unknown, value?: unknown) => void): void {
    this.ask(options).then(
      (value) => {
        try {
          callback(null, value);
        } catch {
          // dockerode makes its objects of the answer without looking at it first.
          callback(new RefusedCall(200, UNKNOWN_FORM));
        }
      },
      (error: unknown) => {
        callback(error);
      },
    );
  }

  private async ask({ path, method, abortSignal, options = {} }: DialOptions): Promise<unknown> {
    const { _query, _body, abortSignal: optionsSignal, ...rest } = options;
    const asksQuery = path.endsWith("?");
    const query = asksQuery ? queryString(_query ?? rest) : "";
    // docker-modem sends the options both ways, so that a container's environment stands in the URL and in the log.
    const body = method === "POST" ? (_body ?? (asksQuery ? undefined : rest)) : undefined;
    const answer = await exchange({
      connection: this.connection,
      method,
      path: asksQuery ? path.slice(0, query === "" ? -1 : undefined) + query : path,
      ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
      signal: abortSignal ?? optionsSignal ?? new AbortController().signal,
    });
    // 304 says that it is as asked for already.
    if ((answer.status < 200 || answer.status > 299) && answer.status !== 304) {
      throw new RefusedCall(answer.status, detailOf(answer.body, answer.status));
    }
    return answer.body.trim() === "" ? undefined : (JSON.parse(answer.body) as unknown);
  }
}

function queryString(options: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) {
      parameters.append(name, typeof value === "string" ? value : JSON.stringify(value));
    }
  }
  return parameters.toString();
}
