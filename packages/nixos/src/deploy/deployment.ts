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
}

/** Runs one phase; its errors name machine and phase. */
export async function phase<T>({ inputs }: Deployment, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`machine "${inputs.machine}", phase ${name}: ${message}`, { cause: error });
  }
}
