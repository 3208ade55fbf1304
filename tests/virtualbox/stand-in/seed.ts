import { readFileSync } from "node:fs";

/** What cloud-init reads of a CD that is called cidata. */
export interface Seed {
  readonly userData: string;
  readonly metaData: { readonly "instance-id": string; readonly "local-hostname": string };
  /** Addresses by MAC address; `dhcp` for none. */
  readonly addresses: ReadonlyMap<string, string>;
}

interface NetworkConfig {
  readonly version: number;
  readonly ethernets: Readonly<
    Record<string, { match: { macaddress: string }; dhcp4: boolean; addresses?: string[] }>
  >;
}

/** Reads a CD as Linux does, which shows names in small letters and without a version. @throws where it is no seed */
export function readSeed(file: string): Seed {
  const files = readIso(file);
  const text = (name: string) => {
    const found = files.get(name);
    if (found === undefined) throw new Error(`the CD has no ${name}`);
    return found;
  };
  const config: NetworkConfig = JSON.parse(text("network-config"));
  if (config.version !== 2) throw new Error("cloud-init reads version 2 of network-config here");
  return {
    userData: text("user-data"),
    metaData: JSON.parse(text("meta-data")),
    addresses: new Map(
      Object.values(config.ethernets).map((each) => [
        each.match.macaddress.replaceAll(":", "").toUpperCase(),
        each.dhcp4 ? "dhcp" : (each.addresses?.[0] ?? ""),
      ]),
    ),
  };
}

function readIso(file: string): Map<string, string> {
  const data = readFileSync(file);
  const descriptor = data.subarray(16 * 2048, 17 * 2048);
  const label = descriptor.toString("latin1", 40, 72).trim();
  if (descriptor[0] !== 1 || label !== "cidata") throw new Error(`the CD is called ${label}`);
  const start = descriptor.readUInt32LE(156 + 2) * 2048;
  const files = new Map<string, string>();
  for (let at = start; data[at]; at += data[at] ?? 0) {
    if ((data[at + 25] ?? 0) & 2) continue;
    const name = data
      .toString("latin1", at + 33, at + 33 + (data[at + 32] ?? 0))
      .toLowerCase()
      .replace(/;1$/, "");
    const [block, size] = [data.readUInt32LE(at + 2), data.readUInt32LE(at + 10)];
    files.set(name, data.toString("utf8", block * 2048, block * 2048 + size));
  }
  return files;
}
