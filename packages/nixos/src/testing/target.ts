import { setTimeout as sleep } from "node:timers/promises";
import { type NixModule, printModule } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import type { Host, KeyPair, LinkOpening, MachineSpec } from "../target.js";

/** A resource that a target made, in the order in which they were made. */
export interface MadeResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly custom: boolean | undefined;
}

/**
 * Lets a target make its resources without an engine.
 *
 * @param outputs what the cloud adds to inputs
 * @param answers what functions of the provider answer, by token
 * @returns what was made since it was last emptied
 */
export async function mockResources(
  outputs: (made: MadeResource) => Record<string, unknown>,
  answers: (token: string, inputs: Record<string, unknown>) => Record<string, unknown> = () => ({}),
): Promise<MadeResource[]> {
  const made: MadeResource[] = [];
  await pulumi.runtime.setMocks({
    call: ({ token, inputs }) => answers(token, inputs),
    newResource: ({ type, name, inputs, custom }) => {
      made.push({ type, name, inputs, custom });
      const state = { ...inputs, ...outputs({ type, name, inputs, custom }) };
      return { id: String(100 + made.length), state };
    },
  });
  return made;
}

/** What a target is told of machines of the network `shop` in the stack `prod`. */
export function machinesOf(
  firewall: object = {},
): (name: string, more?: Partial<MachineSpec>) => MachineSpec {
  const shared = new Map<string, unknown>();
  const open = {
    allowedTCPPorts: [22],
    allowedTCPPortRanges: [],
    allowedUDPPorts: [],
    allowedUDPPortRanges: [],
    allowPing: true,
    ...firewall,
  };
  return (name, more) => ({
    network: "shop",
    name,
    stack: "prod",
    system: "x86_64-linux",
    tags: [],
    hostKeyRotation: 0,
    hostKey: () => keyPair("LASTING"),
    temporaryHostKey: () => keyPair("TEMPORARY"),
    linkOpenings: () => linkOpening("203.0.113.7", "2001:db8::7"),
    deployKey: () => keyPair("DEPLOY"),
    option: <T>() => pulumi.output(open) as unknown as pulumi.Output<T>,
    shared<T>(key: string, make: (opts: pulumi.CustomResourceOptions) => T): T {
      if (!shared.has(key)) shared.set(key, make({}));
      return shared.get(key) as T;
    },
    ...more,
  });
}

/** A host's values, and everything that its target made for it. */
export async function provisioned(
  host: Host,
  made: readonly MadeResource[],
): Promise<Record<string, unknown> & { readonly module: string }> {
  const { ssh, module, ...addresses } = host;
  const values = await resolved({ ...ssh, ...addresses });
  const text = printModule((await resolved(module)) as NixModule);
  // Resources whose outputs nobody waits for are registered a little later.
  for (let seen = -1; seen !== made.length; await sleep(50)) seen = made.length;
  return { ...values, module: text };
}

function resolved<T>(value: T): Promise<Record<string, unknown>> {
  return new Promise((resolve) => void pulumi.output(value).apply(resolve as never));
}

/** A link's port that is open to these addresses. */
export function linkOpening(...from: readonly string[]): pulumi.Output<readonly LinkOpening[]> {
  return pulumi
    .output(0)
    .apply(() => [
      { port: 51820, from: pulumi.output(from), fromOutside: pulumi.output(from) },
    ]) as unknown as pulumi.Output<readonly LinkOpening[]>;
}

function keyPair(name: string): KeyPair {
  return {
    publicKey: pulumi.output(`ssh-ed25519 ${name}`),
    privateKey: pulumi.secret(`PRIVATE ${name}`),
  };
}
