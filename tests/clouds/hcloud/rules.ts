import type { Properties, Refusal } from "../plugin/schema.js";

/** Labels as hcloud-go checks them before it asks the API (docs.hetzner.cloud, "Labels"). */
export function labelRefusals(inputs: Properties): Refusal[] {
  return Object.entries((inputs.labels ?? {}) as Record<string, string>).flatMap(([key, value]) => {
    const name = key.slice(key.indexOf("/") + 1);
    const fitsKey = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(name);
    const fitsValue = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/.test(value);
    return fitsKey && fitsValue
      ? []
      : [
          {
            property: "labels",
            reason: `label ${fitsKey ? "value" : "key"} '${fitsKey ? value : key}' is not correctly formatted`,
          },
        ];
  });
}

/** Directions, protocols and networks as the provider checks them (terraform-provider-hcloud, internal/firewall). */
export function ruleRefusals(inputs: Properties): Refusal[] {
  return ((inputs.rules ?? []) as Properties[]).flatMap((rule, index) => {
    const property = `rules[${index}]`;
    const wants = (condition: boolean, reason: string) => (condition ? [] : [{ property, reason }]);
    const hasPort = rule.protocol === "tcp" || rule.protocol === "udp";
    const range = /^(\d+)(?:-(\d+))?$/.exec(String(rule.port ?? ""));
    return [
      ...wants(["in", "out"].includes(String(rule.direction)), `${rule.direction} is not a valid direction`),
      ...wants(
        ["tcp", "udp", "icmp", "esp", "gre"].includes(String(rule.protocol)),
        `${rule.protocol} is not a valid protocol`,
      ),
      // From here on it is the API that answers (docs.hetzner.cloud, "Create a Firewall").
      ...wants(
        !hasPort || (range !== null && Number(range[2] ?? range[1]) <= 65_535),
        "port is missing or invalid",
      ),
      ...wants(hasPort || rule.port === undefined, `${rule.protocol} has no ports`),
      ...wants(
        rule.direction !== "in" || ((rule.sourceIps ?? []) as string[]).every(isNetwork),
        "source_ips must be networks in CIDR notation",
      ),
    ];
  });
}

function isNetwork(text: string): boolean {
  return /^(\d{1,3}(\.\d{1,3}){3}\/\d{1,2}|[0-9a-f:]+\/\d{1,3})$/.test(text);
}
