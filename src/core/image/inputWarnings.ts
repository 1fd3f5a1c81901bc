import type { CollectedInputs } from "../fingerprint/collectBuildInputs";

/** For people: what of a build's configuration does not do what somebody may have meant. */
export function inputWarnings(
  { tag }: { readonly tag?: string | undefined },
  {
    unusedArguments,
    baseImages,
    dockerfileName,
  }: Pick<CollectedInputs, "unusedArguments" | "baseImages" | "dockerfileName">,
): readonly string[] {
  const own =
    tag === undefined ? undefined : baseImages.find(({ reference }) => wholeName(reference) === wholeName(tag));
  return [
    ...unusedArguments.map(
      (name) => `The build argument ${name} has no effect: no ARG ${name} is in the stages that are built.`,
    ),
    ...(own === undefined
      ? []
      : [
          `The image is to be named ${own.reference}, which it is itself built from (${dockerfileName}:${String(own.line)}): ` +
            "it is stale as soon as it is built. Choose another name (build.tag in slipway.json, or --tag).",
        ]),
  ];
}

/** As engines complete it (distribution/reference): "busybox" is "docker.io/library/busybox:latest". */
function wholeName(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  const hasDomain = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const path = hasDomain ? rest.join("/") : reference;
  const domain = !hasDomain || first === "index.docker.io" ? "docker.io" : first;
  const name = domain === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  return `${domain}/${name}${/[:@][^/]*$/.test(name) ? "" : ":latest"}`;
}
