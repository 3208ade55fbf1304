import { type SnapshotInputs as SnapshotPolicy, snapshotProvider } from "@firn/nixos/snapshots";
import { LibvirtError } from "./errors.js";
import { Virsh, XML } from "./virsh/virsh.js";
import { element } from "./xml/element.js";

/** What the Pulumi resource of a machine's snapshots is given. */
export interface SnapshotInputs extends SnapshotPolicy {
  readonly uri: string;
  /** UUID of the domain. */
  readonly domain: string;
  /** Its name, for messages. */
  readonly name: string;
}

/** The memory of the machine is written with them. */
const TIMEOUT_MS = 900_000;

/** Snapshots of a machine: disks and memory. */
export const snapshot = snapshotProvider<SnapshotInputs>({
  machine: "domain",

  async take({ domain, name, uri }, snapshot, description) {
    const virsh = new Virsh(uri);
    if ((await virsh.ask(["domname", domain])) === undefined)
      throw new LibvirtError(
        `libvirt at ${uri} does not have the machine ${name} (${domain}): run \`pulumi refresh\`.`,
      );
    const definition = element(
      "domainsnapshot",
      {},
      element("name", {}, snapshot),
      element("description", {}, description),
    );
    await virsh.withXml(["snapshot-create", domain, XML], definition, { timeoutMs: TIMEOUT_MS });
  },

  async list({ domain, uri }) {
    const names = (await new Virsh(uri).ask(["snapshot-list", domain, "--name"])) ?? "";
    return names.split("\n").map((name) => name.trim());
  },

  remove: ({ domain, uri }, snapshot) =>
    new Virsh(uri).run(["snapshot-delete", domain, snapshot], { timeoutMs: TIMEOUT_MS }),
});
