import { interrupt } from "./interrupt.js";
import { testRows } from "./matrix.js";
import { DEPLOYERS } from "./rows/deployers.js";
import { RUNS } from "./rows/runs.js";
import type { Scene } from "./scene.js";
import { GATES } from "./subject.js";

testRows("the deployer in trouble", "deployers", GATES, [
  ...DEPLOYERS.map((fault) => ({ ...fault, play: (scene: Scene) => interrupt(scene, fault) })),
  ...RUNS,
]);
