import type { Owner } from "../owner.js";
import type { XmlElement } from "../xml/element.js";

/** Whether a machine may run without KVM: with a warning, only so, or not at all. */
export type Acceleration = "kvm-or-emulation" | "kvm" | "emulation";

/** What the Pulumi resource of a domain is given. */
export interface DomainInputs {
  readonly uri: string;
  /** Its name in libvirt. */
  readonly name: string;
  /** Host name. */
  readonly machine: string;
  readonly owner: Owner & { readonly machine: string };
  /** URN of the machine's component, which messages are shown at. */
  readonly component: string;
  readonly definition: XmlElement;
  /** In MiB. */
  readonly memory: number;
  readonly cpus: number;
  readonly acceleration: Acceleration;
  /** The volume that it boots from; another one is another machine. */
  readonly disk: string;
  /** Pool that its console is kept in. */
  readonly pool: string;
  /** Network of libvirt's, and the machine's MAC address in it; others are another machine. */
  readonly libvirtNetwork: string;
  readonly mac: string;
  /**
   * `10.83.12.5`: the address that the network's DHCP shall reserve for it; `192.168.1.10/24`: the one that it gives
   * itself. Default: one that is free.
   */
  readonly wantedAddress?: string;
  /** How long it may take until its ssh server answers, in seconds. */
  readonly bootTimeout: number;
  /** Whether the deployer itself reaches its address, and need not go through another host. */
  readonly direct: boolean;
}

/** What the resource puts out. */
export interface DomainOutputs extends DomainInputs {
  /** IPv4 address, the same for as long as the machine exists. */
  readonly address: string;
  /** False where it is switched off; the next `up` starts it. */
  readonly running: boolean;
  /** Whether it runs without KVM. */
  readonly emulated: boolean;
}
