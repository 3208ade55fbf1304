import { redactor } from "../keys/redact.js";
import type { MachineKeys } from "../keys/values.js";
import type { Status } from "../status.js";
import type { SystemInputs } from "../system.js";

/** What the phases of one machine's deployment share. */
export interface Deployment {
  readonly inputs: SystemInputs;
  readonly status: Status;
  /**
   * Another host key that the machine may still have, if Firn keeps its key: the temporary one before the first
   * deployment, the one before a rotation.
   */
  readonly formerHostKey?: string | undefined;
  /** How long the machine may take until its sshd answers, in milliseconds: a new one boots first. */
  readonly waitMs: number;
  /** Whether nothing was deployed to this machine yet. */
  readonly isFirst?: boolean;
  /** Undefined for a machine that has no keys and had none. */
  readonly keys?: MachineKeys | undefined;
}

/** Runs one phase; its errors name machine and phase. */
export async function phase<T>(
  { inputs, keys }: Pick<Deployment, "inputs" | "keys">,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`machine "${inputs.machine}", phase ${name}: ${redactor(keys?.keys ?? [])(message)}`, {
      cause: error,
    });
  }
}
