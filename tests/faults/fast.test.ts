import { befall } from "./befall.js";
import { interrupt } from "./interrupt.js";
import { testRows } from "./matrix.js";
import { DEPLOYERS } from "./rows/deployers.js";
import { FAST_FAULTS } from "./rows/index.js";
import type { Scene } from "./scene.js";
import { GATES } from "./subject.js";

/** The half of the matrix that is fast enough for every run of the tests; all of it is `npm run test:faults`. */
const machines = [...GATES, ...FAST_FAULTS.map(({ machine }) => machine)];
testRows("the fast half of the fault matrix", "faults-fast", machines, [
  { title: "machines in trouble", rows: FAST_FAULTS, play: (scene: Scene) => befall(scene, FAST_FAULTS) },
  ...DEPLOYERS.slice(0, 1).map((fault) => ({
    ...fault,
    play: (scene: Scene) => interrupt(scene, fault),
  })),
]);
