import type { Properties, Refusal } from "../plugin/schema.js";

/** Tags (learn.microsoft.com/azure/azure-resource-manager/management/tag-resources, "Limitations"). */
export function tagRefusals({ tags }: Properties): Refusal[] {
  const all = Object.entries((tags ?? {}) as Record<string, string>);
  const wrong = all.filter(
    ([key, value]) => /[<>%&\\?/]/.test(key) || key.length > 512 || value.length > 256,
  );
  return [
    ...wrong.map(([key]) => ({
      property: "tags",
      reason: `InvalidTagNameCharacters: the tag name '${key}'`,
    })),
    ...(all.length > 50 ? [{ property: "tags", reason: "at most 50 tags" }] : []),
  ];
}

/** Names (learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules), as most resources have them. */
export function nameRefusals(property: string, limit: number): (inputs: Properties) => Refusal[] {
  return (inputs) => {
    const name = inputs[property];
    if (name === undefined) return [];
    return /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/.test(String(name)) && String(name).length <= limit
      ? []
      : [{ property, reason: `InvalidResourceName: '${name}'` }];
  };
}

/** Rules of a network security group (learn.microsoft.com/azure/virtual-network/network-security-groups-overview). */
export function ruleRefusals(inputs: Properties): Refusal[] {
  const rules = Array.isArray(inputs.securityRules) ? (inputs.securityRules as Properties[]) : [];
  const twice = (values: readonly unknown[]) => new Set(values).size < values.length;
  const wants = (condition: boolean, property: string, reason: string) =>
    condition ? [] : [{ property, reason }];
  return [
    ...wants(
      !twice(rules.map(({ direction, priority }) => `${direction} ${priority}`)),
      "securityRules",
      "SecurityRuleConflict: two rules have the same priority and direction",
    ),
    ...wants(
      !twice(rules.map(({ name }) => name)),
      "securityRules",
      "InvalidRequestFormat: two rules have the same name",
    ),
    ...rules.flatMap((rule, index) => {
      const property = `securityRules[${index}]`;
      const priority = Number(rule.priority);
      // One that a preview does not know yet is left out here, so that none is no mistake.
      const either = (one: string, many: string) => rule[one] === undefined || rule[many] === undefined;
      const sources = (rule.sourceAddressPrefixes ?? []) as string[];
      const ports = [
        ...((rule.destinationPortRanges ?? []) as string[]),
        ...(rule.destinationPortRange ? [rule.destinationPortRange] : []),
      ];
      return [
        ...wants(priority >= 100 && priority <= 4096, property, "SecurityRuleInvalidPriority: 100 to 4096"),
        ...wants(
          either("sourceAddressPrefix", "sourceAddressPrefixes") &&
            either("destinationPortRange", "destinationPortRanges"),
          property,
          "SecurityRuleParameterContainsUnsupportedValue: one or a list",
        ),
        ...wants(
          new Set(sources.map((source) => source.includes(":"))).size < 2,
          property,
          "SecurityRuleAddressPrefixesOfBothFamilies: IPv4 and IPv6 in one rule",
        ),
        ...wants(
          ports.every((port) => /^(\*|\d{1,5}(-\d{1,5})?)$/.test(String(port))),
          property,
          "SecurityRuleInvalidPortRange",
        ),
      ];
    }),
  ];
}
