/** What to do about what VBoxManage said; the first pattern that matches counts. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /VERR_VMX_MSR_ALL_VMX_DISABLED|VERR_VMX_NO_VMX|VERR_SVM_DISABLED|VERR_SVM_NO_SVM/,
    "Switch on hardware virtualisation (VT-x, AMD-V or SVM) in this computer's firmware setup; inside of a virtual machine, nested virtualisation.",
  ],
  [
    /VERR_VMX_IN_VMX_ROOT_MODE|VERR_SVM_IN_USE|being used by another hypervisor/,
    "Another hypervisor has the processor: stop its machines (on Linux `lsmod | grep kvm`, on Windows Hyper-V).",
  ],
  [
    /VERR_VM_DRIVER_NOT_INSTALLED|vboxdrv does not exist|VERR_VM_DRIVER_NOT_ACCESSIBLE/,
    "VirtualBox' kernel module is not loaded: `sudo modprobe vboxdrv`, or `sudo /sbin/vboxconfig` after a kernel update; on macOS, allow Oracle's extension in the system settings under Privacy & Security.",
  ],
  [
    /VERR_NO_MEMORY|VERR_NO_LOW_MEMORY|VERR_PGM_HANDY_PAGE_ALLOC|Failed to allocate RAM/,
    "This computer has not that much memory left: end something, or give the machine less (`memory`).",
  ],
  [
    /E_ACCESSDENIED[\s\S]*(EnableStaticIPConfig|HostOnly)|not within the allowed ranges|networks\.conf/,
    "VirtualBox allows host-only networks in 192.168.56.0/21 only, unless /etc/vbox/networks.conf says otherwise: put a line like `* 10.0.0.0/8` into it, or give a `subnet` within.",
  ],
  [
    /Failed to open\/create the internal network|VBoxNetAdpCtl|vboxnet.*could not be found/,
    "VirtualBox' network modules are not loaded: `sudo modprobe vboxnetadp vboxnetflt`; on macOS and Windows, install VirtualBox again.",
  ],
  [
    /settings file .* already exists/,
    "Firn adopts no machine that it did not make. Rename or remove that one (`VBoxManage list vms`, `VBoxManage unregistervm NAME --delete`; without a registered one, its directory), or rename yours.",
  ],
  [
    /already locked|while it is locked|is locked for/,
    "Somebody else works on the machine: close its settings and windows in VirtualBox' manager.",
  ],
  [
    /still attached to \d+ virtual machine/,
    "A machine has it, or a snapshot of one: delete those snapshots first (`VBoxManage snapshot NAME list`; `snapshots: 0` deletes Firn's).",
  ],
  [
    /VERR_DISK_FULL|No space left/,
    "The disk that VirtualBox keeps its machines on is full: `VBoxManage list systemproperties` says where that is.",
  ],
  [/VERR_ACCESS_DENIED|Permission denied/, "The user who runs Pulumi may not read or write that file."],
  [/VERR_NOT_SUPPORTED|VERR_VD_/, "The image must be one that VirtualBox reads: VDI, VMDK, VHD, OVA or raw."],
  [
    /Unknown option|Invalid parameter|Invalid command/,
    "This version of VBoxManage does not know what it was told. If you gave `vmFlags`, check them with `VBoxManage modifyvm --help`.",
  ],
];

/** A line that says what to do; empty where nothing better is known than what VBoxManage said. */
export function hintFor(said: string): string {
  return HINTS.find(([pattern]) => pattern.test(said))?.[1] ?? "";
}
