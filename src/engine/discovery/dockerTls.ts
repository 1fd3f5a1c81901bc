import { posix, win32 } from "node:path";
import { dockerConfigFile } from "../../core/network/dockerConfigFile";
import type { TlsFiles } from "../../core/ports/EngineEndpoint";
import { PemTlsMaterial } from "../transport/PemTlsMaterial";
import { variable, type EndpointEnvironment } from "./EndpointEnvironment";

/** The folder of docker's own client. */
export function dockerFolder(environment: EndpointEnvironment): string {
  return (environment.platform === "win32" ? win32 : posix).dirname(dockerConfigFile(environment));
}

/** ca.pem, cert.pem and key.pem of a folder, as far as they are there; undefined when none is. */
export function readTlsFolder({ readFile }: EndpointEnvironment, folder: string): TlsFiles | undefined {
  const [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map((name) => readFile(posix.join(folder, name)));
  return ca === undefined && cert === undefined && key === undefined ? undefined : { ca, cert, key };
}

/**
 * What the environment says of TLS, by the rule of docker's client: DOCKER_TLS_VERIFY turns it on, DOCKER_TLS, too, but
 * without a check of the engine's certificate, each by not being empty; the files are in DOCKER_CERT_PATH, else in
 * docker's own folder.
 *
 * @returns undefined where TLS is off, or what is wrong with it.
 */
export function tlsOfVariables(
  environment: EndpointEnvironment,
): PemTlsMaterial | { readonly problem: string } | undefined {
  const verify = variable(environment, "DOCKER_TLS_VERIFY") !== undefined;
  return verify || variable(environment, "DOCKER_TLS") !== undefined
    ? tlsFiles(environment, { skipVerify: !verify })
    : undefined;
}

/** What https:// stands for: the files of DOCKER_CERT_PATH or of docker's own folder, where there are any. */
export function tlsFiles(
  environment: EndpointEnvironment,
  { skipVerify }: { readonly skipVerify: boolean },
): PemTlsMaterial | { readonly problem: string } {
  const named = variable(environment, "DOCKER_CERT_PATH");
  const material = readTlsFolder(environment, named ?? dockerFolder(environment));
  if (material === undefined && named !== undefined) {
    return { problem: `DOCKER_CERT_PATH has no ca.pem, cert.pem or key.pem that can be read (${named})` };
  }
  if ((material?.cert === undefined) !== (material?.key === undefined)) {
    return { problem: "of cert.pem and key.pem, one is there and the other is not, or cannot be read" };
  }
  return new PemTlsMaterial({ ...material, skipVerify });
}
