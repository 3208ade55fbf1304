import type { EvaluationFailure } from "./explain.js";
import type { EvaluationMemory } from "./groups.js";
import type { NetworkEvaluation } from "./network.js";
import { evaluateNodes } from "./nodes.js";
import { UNKNOWN_REASON } from "./unknown.js";

/** Failures, told apart by whether they are certain. */
export interface Confirmed {
  readonly certain: readonly EvaluationFailure[];
  /** Depend on what is only known after provisioning. */
  readonly doubtful: readonly EvaluationFailure[];
}

/**
 * Tells which failures are real. A machine whose configuration has unknown values may fail because of the placeholders that
 * stand for them: it is evaluated again with others, and what fails in another way, or not at all, is doubtful.
 *
 * @param uncertain names of machines with unknown values
 */
export async function confirmFailures(
  { failures, prepared }: Pick<NetworkEvaluation, "failures" | "prepared">,
  uncertain: ReadonlySet<string>,
  memory: EvaluationMemory,
): Promise<Confirmed> {
  const all = [...failures.values()];
  const names = all.map((failure) => failure.machine).filter((name) => uncertain.has(name));
  const again =
    names.length === 0
      ? new Map<string, EvaluationFailure>()
      : (await evaluateNodes({ ...prepared, names, ...memory, world: 2 })).failures;
  const isCertain = (failure: EvaluationFailure) => {
    if (failure.reason.includes(UNKNOWN_REASON)) return false;
    const other = again.get(failure.machine);
    return !uncertain.has(failure.machine) || (other !== undefined && whatOf(other) === whatOf(failure));
  };
  return { certain: all.filter(isCertain), doubtful: all.filter((failure) => !isCertain(failure)) };
}

/** What a failure says, without the values of definitions: placeholders and conditions are among them. */
function whatOf({ reason }: EvaluationFailure): string {
  return reason.replace(/Definition values:.*/s, "");
}
