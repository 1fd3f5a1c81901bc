import type { BuildConfiguration } from "../config/WorkspaceConfiguration";
import type { SettingInput } from "./BuildInput";

export type OptionInput = SettingInput & { readonly kind: "option" };

/**
 * What of the configuration, besides arguments, target and platform, becomes part of the image or is seen by its steps:
 * labels, the network of RUN, names of hosts, which secrets and agents there are (never what they are), and whether the
 * image carries its cache. In the order of their names.
 */
export function optionInputs(build: BuildConfiguration): readonly OptionInput[] {
  const { labels = {}, network, extraHosts = {}, secrets = [], ssh = [], cacheTo = [] } = build;
  const inline = cacheTo.some((target) => target === "inline" || /(?:^|,)type=inline(?:,|$)/.test(target));
  return [
    ...(inline ? [option("cache", "inline")] : []),
    ...sorted(extraHosts).map(([name, address]) => option(`host ${name}`, address)),
    ...sorted(labels).map(([name, value]) => option(`label ${name}`, value)),
    ...(network === undefined || network === "default" ? [] : [option("network", network)]),
    ...idsOf(secrets).map((id) => option(`secret ${id}`, "")),
    ...idsOf(ssh).map((id) => option(`ssh ${id}`, "")),
  ];
}

function option(name: string, value: string): OptionInput {
  return { kind: "option", name, value };
}

function sorted(values: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

function idsOf(sources: readonly { readonly id: string }[]): readonly string[] {
  return [...new Set(sources.map(({ id }) => id))].sort();
}
