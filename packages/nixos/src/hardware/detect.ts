import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type HostFacts, hostFacts } from "@firn/host";
import type { NixModule } from "@firn/nix";
import * as pulumi from "@pulumi/pulumi";
import { type ConnectionInputs, connectionInputs } from "../connection.js";
import { projectRoot } from "../evaluation/project.js";
import type { Host, MachineSpec } from "../target.js";
import { connectToLook } from "./connect-to-look.js";
import { hardwareModule } from "./module.js";

/** What is kept of a host between runs. */
interface Kept {
  /** The host is who it is by its key: of another one nothing is known. */
  readonly hostKey: string;
  readonly facts: HostFacts;
}

/**
 * The hardware half of an existing host's configuration, from what the host says of itself. It is asked once, and the
 * answer is kept in `.firn/<stack>/facts/<network>-<machine>.json`; whoever deletes that file has it asked again.
 */
export function detectedHardware(
  { stack, network, name }: MachineSpec,
  host: Pick<Host, "address" | "ssh">,
  withDisks = true,
): pulumi.Output<NixModule> {
  const file = join(projectRoot(), ".firn", stack, "facts", `${network}-${name}.json`);
  const inputs = pulumi.output({ ...connectionInputs(host, host.ssh) });
  const facts = inputs.apply(async (connection): Promise<NixModule> => {
    const way = { ...(connection as ConnectionInputs), machine: name };
    const kept = readKept(file);
    if (kept?.hostKey === idOf(way)) return hardwareModule(name, kept.facts, withDisks);
    const asked = await ask(way);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ hostKey: idOf(way), facts: asked } satisfies Kept, null, 2)}\n`);
    return hardwareModule(name, asked, withDisks);
  });
  // Credentials only opened the way to the host: what it says of itself is no secret.
  return pulumi.unsecret(facts);
}

async function ask(way: ConnectionInputs & { readonly machine: string }): Promise<HostFacts> {
  const host = await connectToLook(way);
  try {
    return await hostFacts(host);
  } finally {
    await host.close();
  }
}

/** The key that the host had at first: a key that Firn gave it is a newer one of the same host. */
function idOf({ hostKey, temporaryHostKey }: ConnectionInputs): string {
  return temporaryHostKey ?? hostKey;
}

function readKept(file: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Kept;
  } catch {
    return undefined;
  }
}
