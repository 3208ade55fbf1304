import { appendFileSync } from "node:fs";
import type { Facts } from "./facts.js";
import { type Row, titleOf } from "./fault.js";
import type { Outcome } from "./outcome.js";

/** One line of the file that `npm run test:faults` sums up. */
export interface Figure {
  readonly row: string;
  readonly lost: boolean;
  readonly falseRollback: boolean;
  readonly secrets: number;
}

/** Notes what came of a row where `FIRN_FAULTS_FIGURES` says. */
export function figure(row: Row, facts: Facts | Error, { old, secrets }: Partial<Outcome> = {}): void {
  const file = process.env.FIRN_FAULTS_FIGURES;
  if (!file) return;
  const noted: Figure = {
    row: titleOf(row),
    lost: facts instanceof Error || facts.differs.length > 0,
    falseRollback: row.ends === "new" && !(facts instanceof Error) && facts.version === old?.version,
    secrets: secrets?.length ?? 0,
  };
  appendFileSync(file, `${JSON.stringify(noted)}\n`);
}
