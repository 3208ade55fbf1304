import * as pulumi from "@pulumi/pulumi";
import { comesFromResources, inspect } from "../pulumi-internals.js";
import type { Participant } from "./participant.js";
import { Peer } from "./peer.js";

/**
 * What is known of a participant. Waited for once for all of its peers; what a preview does not know yet is Pulumi's
 * `unknown`, whatever the type says.
 */
export interface Facts {
  readonly publicKey: string;
  /** Empty where the key is as it was made. */
  readonly previousPublicKey: string;
  /** Where everybody reaches it; of an unmanaged host, its `ADDRESS:PORT`, empty where it has none. */
  readonly address: string;
  readonly privateAddress: string;
  readonly privateNetwork: string | undefined;
  /** Inside the tunnels, in CIDR notation. */
  readonly addresses: readonly string[];
}

/** @param early leaves out what waits for a resource */
export async function factsOf(participant: Participant, early: boolean): Promise<Facts> {
  const { node, identity, addresses } = participant;
  const planned = [`${addresses.ipv4}/32`, `${addresses.ipv6}/128`];
  const read = async <T>(input: pulumi.Input<T>): Promise<T> => {
    if (early && comesFromResources(input)) return pulumi.unknown as T;
    return (await inspect(input)).value as T;
  };
  const own =
    node instanceof Peer
      ? {
          publicKey: node.args.publicKey ?? "",
          address: node.args.endpoint ?? "",
          privateAddress: "",
          privateNetwork: undefined,
          addresses: node.args.addresses ?? planned,
        }
      : {
          publicKey: "",
          address: node.host.address,
          privateAddress: node.host.privateAddress,
          privateNetwork: node.host.privateNetwork,
          addresses: planned,
        };
  const [publicKey, previousPublicKey, address, privateAddress, privateNetwork, known] = await Promise.all([
    read<string>(identity?.publicKey ?? own.publicKey),
    read<string>(identity?.previousPublicKey ?? ""),
    read<string>(own.address),
    read<string>(own.privateAddress),
    read<string | undefined>(own.privateNetwork),
    read<readonly string[]>(own.addresses as pulumi.Input<readonly string[]>),
  ]);
  return { publicKey, previousPublicKey, address, privateAddress, privateNetwork, addresses: known };
}

/** `make()`, or unknown where any of `parts` is. */
export function whenKnown<T>(parts: readonly unknown[], make: () => T): T {
  return parts.some((part) => pulumi.isUnknown(part)) ? (pulumi.unknown as T) : make();
}
