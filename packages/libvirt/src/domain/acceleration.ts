import { LibvirtError } from "../errors.js";
import { type Virsh, VirshError } from "../virsh/virsh.js";
import type { DomainInputs } from "./inputs.js";

/** What is said where a machine runs without KVM. */
export function emulationWarning(uri: string): string {
  return `the host ${uri} has no KVM: the machine is emulated, which is many times slower. Load kvm_intel or kvm_amd there and see that virtualisation is on in its firmware; libvirt({ acceleration: "emulation" }) says that this is meant.`;
}

/**
 * Whether a machine runs with KVM on its host.
 *
 * @throws LibvirtError where it must and cannot
 */
export async function accelerationOf(
  virsh: Virsh,
  inputs: DomainInputs,
  arch: string,
): Promise<"kvm" | "qemu"> {
  if (inputs.acceleration === "emulation") return "qemu";
  const hasKvm = await virsh.run(["domcapabilities", "--virttype", "kvm", "--arch", arch]).then(
    () => true,
    (error: unknown) => {
      // Anything else, such as a host that does not answer, is no word about KVM.
      if (error instanceof VirshError && /domain type|virt ?type|emulator|capabilities|KVM/i.test(error.said))
        return false;
      throw error;
    },
  );
  if (!hasKvm && inputs.acceleration === "kvm") throw withoutKvm(inputs);
  return hasKvm ? "kvm" : "qemu";
}

/** Whether a start failed because KVM, which libvirt takes for there, cannot be used. */
export function isKvmFailure(error: unknown): boolean {
  return (
    error instanceof VirshError &&
    /Could not access KVM|failed to initialize kvm|KVM kernel module|KVM is not available|invalid accelerator kvm/i.test(
      error.said,
    )
  );
}

export function withoutKvm({ machine, uri }: DomainInputs): LibvirtError {
  return new LibvirtError(
    `${machine} needs KVM (libvirt({ acceleration: "kvm" })), and the host ${uri} has none: load kvm_intel or kvm_amd there and see that virtualisation is on in its firmware, or leave the argument out.`,
  );
}
