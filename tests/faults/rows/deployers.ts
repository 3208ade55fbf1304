import { setTimeout as sleep } from "node:timers/promises";
import type { Running } from "../../e2e/project.js";
import type { Row } from "../fault.js";
import { killAtOnce, processTree } from "../processes.js";
import type { Scene } from "../scene.js";
import { GATES, type Gate } from "../subject.js";

/** Something that befalls the deployer while each of its machines is at another phase. */
export interface DeployerFault {
  readonly title: string;
  /** One for each phase: the machine has its name. */
  readonly rows: readonly Row[];
  /** Makes it happen; returns what a person reads then. */
  readonly act: (scene: Scene, running: Running, letGoOn: () => void) => Promise<string>;
  /** When the next run comes: after the machines have settled by themselves, or before. */
  readonly next: "later" | "at once";
  /** Whether Pulumi comes to write down what it did. */
  readonly saves?: true;
}

const LOCKED = /the stack is currently locked by 1 lock.*`pulumi cancel`/s;
const rowsOf = (what: string, told: RegExp, ends: (gate: Gate) => Row["ends"]): Row[] =>
  GATES.map((gate) => ({
    row: what,
    phase: gate,
    machine: gate,
    ends: ends(gate),
    told: [told],
    general: true,
  }));

/** What Pulumi says to the next one. */
async function nextOne(scene: Scene): Promise<string> {
  return (await scene.up()).output;
}

export const DEPLOYERS: readonly DeployerFault[] = [
  {
    title: "the deployer is killed",
    // What was confirmed is finished by the machine; what was not, it takes back.
    rows: rowsOf("The deployer is killed", LOCKED, (gate) => (gate === "committing" ? "new" : "old")),
    next: "later",
    async act(scene, running, letGoOn) {
      killAtOnce(processTree(running.pid));
      await running.result;
      letGoOn();
      return nextOne(scene);
    },
  },
  {
    title: "Pulumi alone is killed",
    rows: rowsOf("Pulumi is killed and its provider lives on", LOCKED, () => "new"),
    next: "later",
    async act(scene, running, letGoOn) {
      const [pulumi = 0, ...others] = processTree(running.pid);
      killAtOnce([pulumi]);
      letGoOn();
      await Promise.all(scene.subjects.map((subject) => subject.comesToRun(scene.version + 1)));
      const said = await nextOne(scene);
      // Nobody has told the provider that it may go.
      killAtOnce(others);
      await running.result;
      return said;
    },
  },
  {
    title: "^C once",
    rows: rowsOf("^C once", /\^C received; cancelling\./, () => "new"),
    next: "later",
    saves: true,
    async act(_scene, running, letGoOn) {
      process.kill(-running.pid, "SIGINT");
      await sleep(1000);
      letGoOn();
      return (await running.result).output;
    },
  },
  {
    title: "^C twice",
    rows: rowsOf("^C twice", /\^C received; terminating/, () => "new"),
    next: "at once",
    async act(_scene, running, letGoOn) {
      const tree = processTree(running.pid);
      process.kill(-running.pid, "SIGINT");
      await sleep(500);
      process.kill(-running.pid, "SIGINT");
      const { output } = await running.result;
      killAtOnce(tree);
      letGoOn();
      return output;
    },
  },
];
