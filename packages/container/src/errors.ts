/** A machine of this computer that could not be made, started or removed: the message says what, why and what to do. */
export class ContainerError extends Error {
  override readonly name = "ContainerError";
}
