import type { Declared, Scene } from "./scene.js";
import type { Subject } from "./subject.js";

/** Which system a machine runs when all is over. */
export type Ends = "old" | "new";

/** What every row of the matrix says. */
export interface Row {
  /** What happens: the row's first column in docs/reliability.md, word for word. */
  readonly row: string;
  /** At which point of a deployment, where the row has several. */
  readonly phase?: string;
  /** Name of the machine that it befalls. */
  readonly machine: string;
  /** Which system the machine runs afterwards, wholly. */
  readonly ends: Ends;
  /** What the run says about the machine; where it ends well, nothing. */
  readonly told?: readonly RegExp[];
  /** What a warning says that does not keep the machine from ending well. */
  readonly warned?: RegExp;
  /** Whether that is said of the run as a whole rather than of the machine. */
  readonly general?: true;
  /** What would be untrue. */
  readonly untrue?: RegExp;
}

/** A row's name in test reports. */
export function titleOf({ row, phase }: Row): string {
  return phase === undefined ? row : `${row}: ${phase}`;
}

/** Something that befalls one machine while a run deploys to it and to others. */
export interface Fault extends Row {
  /** What is wrong with the new system, where that is the fault. */
  readonly declared?: Declared;
  /** What the fault needs to be so in every run. */
  readonly always?: () => Declared;
  /** Sets the trap before the run. */
  readonly arm?: (subject: Subject, scene: Scene) => unknown;
  /** Goes along with the run. */
  readonly during?: (subject: Subject) => Promise<unknown>;
  /** Gives the machine back its network after the run, where it has none: the one thing without which nobody can look. */
  readonly reconnect?: (subject: Subject) => unknown;
  /** Removes what is left of the cause. */
  readonly mend?: (subject: Subject) => unknown;
  /** Removes what stood beside the machine. */
  readonly clear?: () => unknown;
}
