import { afterAll, beforeAll, describe, test } from "vitest";
import { befall } from "./befall.js";
import { type Fault, type Row, titleOf } from "./fault.js";
import { figure } from "./figures.js";
import { judge } from "./judge.js";
import type { Outcome } from "./outcome.js";
import { Scene } from "./scene.js";

/** How often every row is played: `1`, `2`, … */
export const REPETITIONS = Array.from(
  { length: Number(process.env.FIRN_FAULTS_REPEAT ?? 1) },
  (_, index) => index + 1,
);

/** Rows that are played together. */
export interface Play {
  readonly title: string;
  readonly rows: readonly Row[];
  /** Makes them happen, and tells the outcomes by machine. */
  readonly play: (scene: Scene) => Promise<Map<string, Outcome>>;
}

/** Tests of faults that befall one machine each, all in one run. */
export function testFaults(title: string, name: string, faults: readonly Fault[]): void {
  const machines = faults.map(({ machine }) => machine);
  testRows(title, name, machines, [
    { title: "all at once", rows: faults, play: (scene) => befall(scene, faults) },
  ]);
}

/** Tests of rows on the machines of one scene, one play after the other. */
export function testRows(
  title: string,
  name: string,
  machines: readonly string[],
  plays: readonly Play[],
): void {
  describe(title, () => {
    let scene: Scene;
    beforeAll(async () => {
      scene = await Scene.open(name, machines);
    });
    afterAll(() => scene?.close());

    for (const repetition of REPETITIONS)
      for (const { title, rows, play } of plays)
        describe(`${title}, ${repetition}`, () => {
          let outcomes: Map<string, Outcome>;
          beforeAll(async () => {
            outcomes = await play(scene);
          });
          for (const row of rows)
            test(titleOf(row), () => {
              const outcome = outcomes.get(row.machine) as Outcome;
              figure(row, outcome.facts, outcome);
              judge(row, outcome);
            });
        });
  });
}
