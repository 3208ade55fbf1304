import { appendFileSync } from "node:fs";
import type { Row } from "./fault.js";
import type { Outcome } from "./outcome.js";

/** One line of the file that `npm run test:faults` sums up. */
export interface Figure {
  readonly row: string;
  readonly lost: boolean;
  readonly falseRollback: boolean;
  readonly secrets: number;
}

/** Notes a row's outcome where `FIRN_FAULTS_FIGURES` says. */
export function note(row: Row, { facts, old, secrets }: Outcome): void {
  const file = process.env.FIRN_FAULTS_FIGURES;
  if (!file) return;
  const figure: Figure = {
    row: row.row,
    lost: facts instanceof Error || facts.differs.length > 0,
    falseRollback: row.ends === "new" && !(facts instanceof Error) && facts.version === old.version,
    secrets: secrets.length,
  };
  appendFileSync(file, `${JSON.stringify(figure)}\n`);
}
