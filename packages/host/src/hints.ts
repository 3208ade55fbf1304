import { PRIVILEGE_HINTS } from "./privilege/hints.js";

type Hints = readonly (readonly [RegExp, string])[];

/** What to do about what ssh said; the first pattern that matches counts. */
const CONNECTION: Hints = [
  [
    /open failed: administratively prohibited/,
    "The jump host's sshd does not forward: set AllowTcpForwarding there.",
  ],
  [
    /open failed: /,
    "Is the machine on, is this its address as the jump host sees it, and does sshd listen on this port?",
  ],
  [/Connection refused/, "Is sshd running there, and is this its port?"],
  [
    /timed out|No route to host|Network is unreachable/,
    "Is the machine on, and do firewalls let this computer in?",
  ],
  [/Could not resolve hostname/, "Check the address, and that this computer's name resolution works."],
  [
    /no matching host key type/,
    "The machine offers no host key of the pinned kind. Pin a key that it has: ssh-keyscan shows them.",
  ],
  [
    /Permission denied \(/,
    "Put the deployer's public key into the user's authorized_keys (NixOS: users.users.<name>.openssh.authorizedKeys.keys), or give the right identity.",
  ],
  [
    /passphrase/,
    "The private key has a passphrase, and nobody is asked for it: load it into your ssh agent with `ssh-add` and give no identity.",
  ],
  [/Load key .*(invalid format|error in libcrypto)/, "The identity is not an OpenSSH private key."],
];

/** What to do about what a command said, on a machine or here. */
const COMMAND: Hints = [
  [
    /No space left on device|database or disk is full/,
    "Free space on the machine (`nix-collect-garbage --delete-older-than 30d` removes old generations) and run again.",
  ],
  [
    /lacks a (valid )?signature|is not trusted/,
    "The user that Firn connects as may not import unsigned paths: connect as root, or add it to nix.settings.trusted-users.",
  ],
  ...PRIVILEGE_HINTS,
  [/(nix-store|nix-env): (command )?not found/, "Install Nix on the machine, or deploy to one that has it."],
  [
    /cannot connect to (socket|daemon) at|daemon-socket.*Connection refused/,
    "The machine's nix-daemon does not answer: `systemctl restart nix-daemon` there.",
  ],
  [
    /chown: (invalid|unknown) (user|group)/,
    "The machine has no such user or group: declare it in users.users or users.groups, or give its number.",
  ],
  [
    /is damaged in the Nix store of this computer/,
    "Put it right with `nix-store --repair-path` as root, or delete what needs it and build again.",
  ],
  [/systemd-run: (command )?not found/, "The machine needs systemd: activation runs as a unit of its own."],
];

/** One sentence that says what to do about a connection of which ssh said `text`, on a line of its own; or nothing. */
export function connectionHint(text: string): string {
  return hintFor(text, CONNECTION);
}

/** The same for a command that said `text`. A unit that "timed out" has nothing to do with firewalls. */
export function commandHint(text: string): string {
  return hintFor(text, COMMAND);
}

function hintFor(text: string, hints: Hints): string {
  const hint = hints.find(([pattern]) => pattern.test(text))?.[1];
  return hint ? `\n  ${hint}` : "";
}
