/** A virtual machine, volume or network that could not be made, changed or removed: what, why, and what to do. */
export class LibvirtError extends Error {
  override readonly name = "LibvirtError";
}
