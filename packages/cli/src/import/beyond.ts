/** An expression is more than data; it stays Nix. The message says why, in a few words. */
export class Beyond extends Error {}
