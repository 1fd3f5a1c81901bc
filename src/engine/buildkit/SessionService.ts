import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";

/** What the builder may call in a session. Messages are bytes here; each service knows its own. */
export interface SessionService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

type Method = ServiceDefinition[string];

/** @param path as gRPC has it: "/package.Service/Method" */
export function unaryMethod(path: string): Method {
  return method(path, false);
}

/** A method with streams in both directions. */
export function streamMethod(path: string): Method {
  return method(path, true);
}

function method(path: string, stream: boolean): Method {
  return {
    path,
    requestStream: stream,
    responseStream: stream,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}
