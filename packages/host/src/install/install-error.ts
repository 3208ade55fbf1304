import { HostError } from "../errors.js";

/** A machine could not be made one that runs NixOS. */
export class InstallError extends HostError {
  override readonly name = "InstallError";
}
