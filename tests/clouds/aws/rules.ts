import { type Properties, type Refusal, UNKNOWN } from "../plugin/schema.js";

/** Tags as EC2 takes them (docs.aws.amazon.com, "Tag your Amazon EC2 resources"). */
export function tagRefusals(inputs: Properties): Refusal[] {
  const tags = Object.entries((inputs.tags ?? {}) as Record<string, string>);
  const many = tags.length > 50 ? [{ property: "tags", reason: "at most 50 tags" }] : [];
  return [
    ...many,
    ...tags.flatMap(([key, value]) => {
      const wrong = (reason: string) => [{ property: `tags.${key}`, reason }];
      if (key.startsWith("aws:")) return wrong("Tag keys starting with 'aws:' are reserved for internal use");
      if (key.length > 128) return wrong("Tag key exceeds the maximum length of 128 characters");
      if (String(value).length > 256) return wrong("Tag value exceeds the maximum length of 256 characters");
      return /^[\p{L}\p{N} +\-=._:/@]*$/u.test(`${key}${value}`)
        ? []
        : wrong("Tag keys and values hold letters, digits, spaces and + - = . _ : / @");
    }),
  ];
}

const PROTOCOLS = ["tcp", "udp", "icmp", "icmpv6", "-1"];

/** Rules as the provider checks them (terraform-provider-aws, ec2/vpc_security_group.go), and then EC2. */
export function groupRefusals(inputs: Properties): Refusal[] {
  const named = /^sg-/.test(String(inputs.name ?? ""))
    ? [{ property: "name", reason: "invalid value for name (cannot begin with sg-)" }]
    : [];
  return [
    ...named,
    ...(["ingress", "egress"] as const).flatMap((direction) => {
      const rules = (inputs[direction] ?? []) as Properties[];
      // docs.aws.amazon.com, "Amazon VPC quotas": 60 rules of each IP version in each direction
      const many =
        rules.length > 60 ? [{ property: direction, reason: "RulesPerSecurityGroupLimitExceeded" }] : [];
      return [...many, ...rules.flatMap((rule, index) => ruleRefusals(`${direction}[${index}]`, rule))];
    }),
  ];
}

function ruleRefusals(property: string, rule: Properties): Refusal[] {
  const { protocol, fromPort, toPort } = rule as { protocol: string; fromPort: number; toPort: number };
  const wants = (condition: boolean, reason: string) => (condition ? [] : [{ property, reason }]);
  const isUnknown = [rule.cidrBlocks, rule.ipv6CidrBlocks].includes(UNKNOWN);
  const [ipv4 = [], ipv6 = []] = [rule.cidrBlocks, rule.ipv6CidrBlocks].map((blocks) =>
    Array.isArray(blocks) ? (blocks as string[]) : [],
  );
  const others = [...((rule.securityGroups ?? []) as string[]), ...((rule.prefixListIds ?? []) as string[])];
  const hasPorts = protocol === "tcp" || protocol === "udp";
  return [
    ...wants(PROTOCOLS.includes(protocol), `invalid protocol ${protocol}`),
    ...wants(
      protocol !== "-1" || (fromPort === 0 && toPort === 0),
      `from_port (${fromPort}) and to_port (${toPort}) must both be 0 to use the 'ALL' "-1" protocol!`,
    ),
    ...wants(!hasPorts || (fromPort >= 0 && toPort <= 65_535 && fromPort <= toPort), "invalid port range"),
    ...wants(protocol !== "icmpv6" || ipv4.length === 0, "icmpv6 has no IPv4 networks"),
    ...wants(
      isUnknown || ipv4.length + ipv6.length + others.length > 0 || rule.self === true,
      "a rule needs a source or destination",
    ),
    ...ipv4.flatMap((block) => wants(isIpv4Network(block), `"${block}" is not a valid CIDR block`)),
    ...ipv6.flatMap((block) =>
      wants(/^[0-9a-f:]+\/\d{1,3}$/.test(block), `"${block}" is not a valid IPv6 CIDR block`),
    ),
  ];
}

/** Whether no bit after the prefix is set. */
export function isIpv4Network(block: string): boolean {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(block);
  if (!match) return false;
  return numberOf(match[1] ?? "") % 2 ** (32 - Number(match[2])) === 0;
}

/** First and last address of a block, as numbers. */
export function rangeOf(block: string): [number, number] {
  const [address = "", length = ""] = block.split("/");
  const first = numberOf(address);
  return [first, first + 2 ** (32 - Number(length)) - 1];
}

export function addressOf(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
}

function numberOf(address: string): number {
  return address.split(".").reduce((number, byte) => number * 256 + Number(byte), 0);
}
