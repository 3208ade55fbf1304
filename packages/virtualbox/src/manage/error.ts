/** What VirtualBox refused or this computer lacks: the message says what, why and what to do. */
export class VirtualboxError extends Error {
  override readonly name = "VirtualboxError";
}
