import type { Properties, Refusal } from "../plugin/schema.js";

const NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Names of resources (cloud.google.com/compute/docs/naming-resources). */
export function nameRefusals({ name }: Properties): Refusal[] {
  return name === undefined || NAME.test(String(name))
    ? []
    : [{ property: "name", reason: `"name" ("${name}") doesn't match regexp ${NAME.source}` }];
}

/** Labels (cloud.google.com/compute/docs/labeling-resources), as the API refuses them. */
export function labelRefusals({ labels }: Properties): Refusal[] {
  const all = Object.entries((labels ?? {}) as Record<string, string>);
  const wrong = all.filter(
    ([key, value]) => !/^[a-z][a-z0-9_-]{0,62}$/.test(key) || !/^[a-z0-9_-]{0,63}$/.test(value),
  );
  return [
    ...wrong.map(([key, value]) => ({
      property: "labels",
      reason: `Label key '${key}' or value '${value}' violates format constraints`,
    })),
    ...(all.length > 64 ? [{ property: "labels", reason: "at most 64 labels" }] : []),
  ];
}

/** Network tags, which are names too. */
export function tagRefusals(tags: unknown, property: string): Refusal[] {
  return ((tags ?? []) as string[])
    .filter((tag) => !NAME.test(tag))
    .map((tag) => ({
      property,
      reason: `Invalid value '${tag}': must be a match of regex '${NAME.source}'`,
    }));
}

/** Firewall rules, as the provider and the API check them (cloud.google.com/firewall/docs/firewalls). */
export function ruleRefusals(inputs: Properties): Refusal[] {
  const allows = (inputs.allows ?? []) as Properties[];
  const denies = (inputs.denies ?? []) as Properties[];
  const sources = (inputs.sourceRanges ?? []) as string[];
  const wants = (condition: boolean, property: string, reason: string) =>
    condition ? [] : [{ property, reason }];
  return [
    ...wants(allows.length > 0 !== denies.length > 0, "allows", "only one of `allow,deny` can be specified"),
    ...[...allows, ...denies].flatMap(({ protocol, ports }, index) => {
      const property = `allows[${index}]`;
      const hasPorts = ["tcp", "udp", "sctp"].includes(String(protocol));
      const isKnown =
        hasPorts ||
        ["all", "icmp", "esp", "ah", "ipip"].includes(String(protocol)) ||
        /^\d{1,3}$/.test(String(protocol));
      const list = (ports ?? []) as string[];
      return [
        ...wants(isKnown, property, `Invalid value for field 'protocol': '${protocol}'`),
        ...wants(hasPorts || list.length === 0, property, `ports are not allowed with ${protocol}`),
        ...wants(
          list.every((port) => /^\d{1,5}(-\d{1,5})?$/.test(port)),
          property,
          "ports must be numbers or ranges",
        ),
      ];
    }),
    ...wants(
      new Set(sources.map((source) => source.includes(":"))).size < 2,
      "sourceRanges",
      "IPv4 and IPv6 ranges cannot be in one rule",
    ),
    ...wants(
      // What a preview does not know yet is left out here.
      inputs.sourceRanges === undefined ||
        sources.length > 0 ||
        ((inputs.sourceTags ?? []) as unknown[]).length > 0,
      "sourceRanges",
      "one of source_ranges, source_tags, or source_service_accounts must be defined",
    ),
    ...tagRefusals(inputs.sourceTags, "sourceTags"),
    ...tagRefusals(inputs.targetTags, "targetTags"),
  ];
}
