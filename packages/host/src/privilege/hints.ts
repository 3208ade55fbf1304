/** What to do about what sudo and doas say; the first pattern that matches counts. */
export const PRIVILEGE_HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /sudo: .*not found/,
    "Install sudo on the machine (NixOS: security.sudo.enable), or give `privilege` the method that it has, or connect as root.",
  ],
  [
    /doas: .*not found|doas is not enabled/,
    "Install doas on the machine (NixOS: security.doas.enable), or give `privilege` the method that it has, or connect as root.",
  ],
  [
    /sudo: a password is required|interactive authentication is required/i,
    "Give `privilege` its password, or let the user run sudo without one (NixOS: security.sudo.wheelNeedsPassword = false), or connect as root.",
  ],
  [
    /doas: (Authentication|Authori[sz]ation) required/i,
    "Give `privilege` its password, or let the user run doas without one (NixOS: noPass in security.doas.extraRules), or connect as root.",
  ],
  [/you must have a tty/, "sudo there wants a terminal: remove requiretty from its Defaults."],
  [
    /incorrect (password|authentication) attempt|no password was provided|Authentication (failed|failure)|Maximum \d+ incorrect authentication/i,
    "The password in `privilege` is not the one of the user there, or the account is locked.",
  ],
  [
    /is not in the sudoers file|may not run sudo|is not allowed to (execute|run)|I'm sorry/,
    "The user may not become root: add it to the group wheel, or allow it in security.sudo.extraRules.",
  ],
  [/doas: Operation not permitted/, "The user may not become root: allow it in security.doas.extraRules."],
  [/has no script\(1\)/, "Install util-linux there, or let the user run doas without a password."],
];
