import type { Address, DefaultRoute } from "./facts.js";

/** A line of `ip -o address`: `2: eth0    inet 192.0.2.2/24 brd … scope global dynamic eth0\ …`. */
export function parseAddress(line: string): Address[] {
  const match = /^\d+:\s+(\S+)\s+inet6?\s+([0-9a-fA-F.:]+)(?:\/(\d+))?\s(.*)$/.exec(line);
  if (!match) return [];
  const [, name = "", address = "", prefixLength, rest = ""] = match;
  return [
    {
      interface: name,
      address,
      prefixLength: Number(prefixLength ?? (address.includes(":") ? 128 : 32)),
      dynamic: /\bdynamic\b/.test(rest),
    },
  ];
}

/** A line of `ip -o route show default`: `default via 192.0.2.1 dev eth0 proto dhcp`. */
export function parseRoute(line: string): DefaultRoute[] {
  const name = /\bdev (\S+)/.exec(line)?.[1];
  if (!line.startsWith("default") || name === undefined) return [];
  const via = /\bvia (?:inet6? )?([0-9a-fA-F.:]+)/.exec(line)?.[1];
  return [{ interface: name, ...(via === undefined ? {} : { via }) }];
}
