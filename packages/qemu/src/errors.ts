/** A virtual machine that could not be made, started, changed or removed: the message says what, why and what to do. */
export class QemuError extends Error {
  override readonly name = "QemuError";
}

/** What QEMU says, and what to do about it. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /Could not set up host forwarding rule/i,
    "A port of this computer is taken: choose another one in `ports`, or end what has it.",
  ],
  [
    /[Cc]annot allocate memory|cannot set up guest memory/,
    "This computer has too little memory for it: lower `memory`, or end other machines.",
  ],
  [
    /Failed to get "(?:shared )?(?:write|consistent read)?"? ?"?lock|Failed to get .* lock/,
    "Another QEMU has the disk: it may be this very machine, started by somebody else.",
  ],
  [/No space left on device/, "The disk of this computer is full."],
  [
    /Invalid parameter|invalid option|is not a valid device model/,
    "This QEMU is too old: 5.0 or newer is needed.",
  ],
];

/** A sentence to add to what QEMU said; empty where nothing is known. */
export function hintFor(said: string): string {
  const hint = HINTS.find(([pattern]) => pattern.test(said))?.[1];
  return hint === undefined ? "" : `\n  ${hint}`;
}
