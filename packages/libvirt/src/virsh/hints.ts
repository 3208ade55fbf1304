/** What libvirt says, and what a person can do about it. `$1` stands for the first group of the pattern. */
const HINTS: readonly (readonly [said: RegExp, hint: string])[] = [
  [
    /Failed to connect socket to '[^']*(?:libvirt|virtqemud)-sock[^']*': (?:No such file|Connection refused)/,
    "No libvirt daemon answers there. Start it with `systemctl start libvirtd`; on NixOS, `virtualisation.libvirtd.enable = true`. On Debian it is in the package libvirt-daemon-system.",
  ],
  [
    /(?:Failed to connect socket to '[^']*': Permission denied|authentication unavailable|access denied by policy|authentication failed: (?:no agent|access denied|polkit))/i,
    "You may not manage machines there. Add your account to the group libvirt (`sudo usermod -aG libvirt $USER`) and log in again.",
  ],
  [
    /Host key verification failed/,
    "Its host key is not known to your ssh. Connect once with `ssh`, compare the key with the one on the host's console, and try again; Firn does not switch the check off.",
  ],
  [
    /Cannot recv data: .*(?:Permission denied|publickey)/s,
    "The host does not let your key in: try `ssh` to it first; libvirt uses your ssh configuration and agent.",
  ],
  [
    /Cannot recv data: .*(?:nc|netcat|virt-ssh-helper).*not found/s,
    "The host has neither virt-ssh-helper nor netcat: install libvirt's daemon there.",
  ],
  [/Cannot recv data/, "The connection to the host does not come up: try `ssh` to it first."],
  [
    /no storage pool with matching name '([^']*)'/,
    "Make the pool, for example with `virsh pool-define-as $1 dir --target /var/lib/libvirt/images`, `virsh pool-start $1` and `virsh pool-autostart $1`, or name another one: libvirt({ pool: … }). `virsh pool-list --all` shows them.",
  ],
  [
    /storage pool '([^']*)' is not active/,
    "Start it with `virsh pool-start $1`, and have it start by itself with `virsh pool-autostart $1`.",
  ],
  [
    /no network with matching name '([^']*)'/,
    "Name one of `virsh net-list --all`, or leave libvirt({ network }) out: then Firn makes one.",
  ],
  [
    /network '([^']*)' is not active/,
    "Start it with `virsh net-start $1`, and have it start by itself with `virsh net-autostart $1`.",
  ],
  [
    /Cannot allocate memory|cannot set up guest memory/,
    "The host has not enough memory free: stop another machine there, or ask for less with libvirt({ memory }).",
  ],
  [/No space left on device/, "The pool's disk is full: `virsh pool-info` shows how full."],
  [
    /Could not access KVM|failed to initialize kvm|KVM kernel module/i,
    "The host has no KVM: load its module (kvm_intel or kvm_amd) and see that virtualisation is on in its firmware.",
  ],
  [
    /Unable to find '(?:efi|bios)' firmware|did not find any UEFI binary|[Uu]nable to find any firmware/,
    "The host has no UEFI firmware for guests: install it (Debian: ovmf), or leave libvirt({ firmware }) out.",
  ],
  [
    /Migration is disabled when VirtFS export path/,
    "A machine that mounts shared folders cannot be kept in a snapshot: leave one of the two out.",
  ],
  [
    /Cannot check dnsmasq binary|Failed to find .*dnsmasq/i,
    "Networks of libvirt need dnsmasq there: install it (Debian: dnsmasq-base).",
  ],
];

/** What to do about what virsh said; `undefined` where nothing is known of it. */
export function hintFor(said: string): string | undefined {
  for (const [pattern, hint] of HINTS) {
    const match = pattern.exec(said);
    if (match) return hint.replaceAll("$1", match[1] ?? "");
  }
  return undefined;
}
