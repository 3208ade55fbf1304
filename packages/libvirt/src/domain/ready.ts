import { setTimeout as sleep } from "node:timers/promises";
import { sshAnswers } from "@firn/host";
import { LibvirtError } from "../errors.js";
import type { Virsh } from "../virsh/virsh.js";
import { lastLinesOf } from "./console.js";
import type { DomainInputs } from "./inputs.js";
import { isStatic } from "./place.js";

const POLL_MS = 500;
const GREETING_MS = 5_000;

/**
 * Waits until a machine that was started answers: its ssh server where the deployer reaches it; otherwise its network,
 * by asking for its address.
 *
 * @throws LibvirtError with the last lines of its serial console where it ends or does not come up in time
 */
export async function waitUntilUp(
  virsh: Virsh,
  uuid: string,
  address: string,
  inputs: DomainInputs,
): Promise<void> {
  const end = performance.now() + inputs.bootTimeout * 1000;
  for (;;) {
    if (inputs.direct ? await sshAnswers(address, 22, GREETING_MS) : await hasLease(virsh, inputs)) return;
    const state = await virsh.run(["domstate", uuid]);
    if (state !== "running") throw await failure(virsh, inputs, `is ${state}`);
    if (performance.now() > end)
      throw await failure(
        virsh,
        inputs,
        `${inputs.direct ? `does not answer ssh at ${address}` : "has not asked for its address"} after ${inputs.bootTimeout} s`,
      );
    await sleep(POLL_MS);
  }
}

/** A host may offer KVM whose machines stand still: nested virtualisation that is not there. */
const MAYBE_KVM = `, or the host's KVM may not work, which libvirt({ acceleration: "emulation" }) does without`;
const KVM_HINT = { emulation: "", kvm: MAYBE_KVM, "kvm-or-emulation": MAYBE_KVM };

async function failure(virsh: Virsh, inputs: DomainInputs, what: string): Promise<LibvirtError> {
  const lines = await lastLinesOf(virsh, inputs);
  const said =
    lines.length === 0
      ? `It has said nothing on its serial console: its image may not boot by this firmware${KVM_HINT[inputs.acceleration]}.`
      : ["The last lines of its serial console:", ...lines.map((line) => `    ${line}`)].join("\n");
  return new LibvirtError(
    `The machine ${inputs.machine} was started and ${what}. ${said}\n  It is left as it is: look at it with \`virsh --connect ${inputs.uri} console ${inputs.name}\`; the next \`pulumi up\` waits for it again. libvirt({ bootTimeout }) gives it longer.`,
  );
}

/** A network of the host's own keeps no leases that libvirt sees: then nothing is waited for. */
async function hasLease(
  virsh: Virsh,
  { libvirtNetwork, mac, wantedAddress }: DomainInputs,
): Promise<boolean> {
  if (isStatic(wantedAddress)) return true;
  return (await virsh.run(["net-dhcp-leases", libvirtNetwork, "--mac", mac])).includes(mac);
}
