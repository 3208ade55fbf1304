import { interrupt } from "./interrupt.js";
import { testRows } from "./matrix.js";
import { DEPLOYERS } from "./rows/deployers.js";
import { GATES } from "./subject.js";

testRows(
  "the deployer in trouble",
  "deployers",
  GATES,
  DEPLOYERS.map((fault) => ({
    title: fault.title,
    rows: fault.rows,
    play: (scene) => interrupt(scene, fault),
  })),
);
