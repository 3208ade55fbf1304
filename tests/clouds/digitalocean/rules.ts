import type { Properties, Refusal } from "../plugin/schema.js";

/** Tags as the provider checks them (terraform-provider-digitalocean, tag/tags.go). */
export function tagRefusals(inputs: Properties): Refusal[] {
  return ((inputs.tags ?? []) as string[])
    .filter((tag) => !/^[a-zA-Z0-9:\-_]{1,255}$/.test(tag))
    .map((tag) => ({
      property: "tags",
      reason: `"${tag}": tags may contain lowercase letters, numbers, colons, dashes, and underscores; there is a limit of 255 characters per tag`,
    }));
}

/** Rules as the provider and then the API check them (…, firewall/firewalls.go; docs.digitalocean.com, "Create a Firewall"). */
export function ruleRefusals(inputs: Properties): Refusal[] {
  const rules = [
    ...((inputs.inboundRules ?? []) as Properties[]).map((rule, index) => ({
      rule,
      property: `inboundRules[${index}]`,
    })),
    ...((inputs.outboundRules ?? []) as Properties[]).map((rule, index) => ({
      rule,
      property: `outboundRules[${index}]`,
    })),
  ];
  const none =
    rules.length === 0 ? [{ property: "inboundRules", reason: "at least one rule must be specified" }] : [];
  const many = rules.length > 50 ? [{ property: "inboundRules", reason: "at most 50 rules" }] : [];
  return [
    ...none,
    ...many,
    ...rules.flatMap(({ rule, property }) => {
      if (!["tcp", "udp", "icmp"].includes(String(rule.protocol)))
        return [{ property, reason: "expected protocol to be one of tcp, udp, icmp" }];
      const wantsPorts = rule.protocol !== "icmp";
      const fits = /^(all|\d+(-\d+)?)$/.test(String(rule.portRange ?? ""));
      return wantsPorts === (rule.portRange !== undefined) && (!wantsPorts || fits)
        ? []
        : [{ property, reason: wantsPorts ? "port_range is missing or invalid" : "icmp has no ports" }];
    }),
  ];
}
