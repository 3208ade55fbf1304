import { HostError } from "../errors.js";

/** Health checks did not come good; `message` names each one with what it saw last. */
export class HealthCheckError extends HostError {
  override readonly name = "HealthCheckError";
  constructor(
    message: string,
    machine: string,
    /** In a few words, without what was seen. */
    readonly reason: string,
  ) {
    super(message, machine);
  }
}
