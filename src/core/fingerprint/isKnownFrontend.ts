/**
 * Whether what reads the Dockerfile follows the rules that Slipway knows: the engine's own builder, or one of Docker's
 * frontends, in whatever version (`# syntax=docker/dockerfile:1`, its test versions included).
 *
 * @param syntax the image of the directive, if there is one.
 */
export function isKnownFrontend(syntax: string | undefined): boolean {
  return (
    syntax === undefined || /^(?:(?:index\.)?docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(syntax)
  );
}
