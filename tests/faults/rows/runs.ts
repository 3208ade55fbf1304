import { join } from "node:path";
import { Project } from "../../e2e/project.js";
import { type Aftermath, aftermath, beforehand } from "../aftermath.js";
import { DeployerGate } from "../deployer-gate.js";
import type { Facts } from "../facts.js";
import { type Row, titleOf } from "../fault.js";
import type { Play } from "../matrix.js";
import { type Outcome, toldAbout } from "../outcome.js";
import { killAtOnce, processTree } from "../processes.js";
import { PROGRAM } from "../program.js";
import type { Scene } from "../scene.js";

/** One machine is enough to see what becomes of a run as a whole. */
const MACHINE = "testing";
const MACHINES = [MACHINE];

/** A run that something befalls as a whole; `run` does it and returns what a person reads then. */
function wholeRun(
  row: Omit<Row, "machine">,
  run: (scene: Scene, version: number) => Promise<string>,
  options: { readonly saves?: boolean } = {},
): Play {
  return {
    title: titleOf({ ...row, machine: MACHINE }),
    rows: [{ ...row, machine: MACHINE }],
    async play(scene) {
      const version = scene.version + 1;
      const before = await beforehand(scene, MACHINES, () => scene.declare(version));
      const told = await run(scene, version);
      await scene.subject(MACHINE).settled();
      await scene.project.pulumi("cancel", "--yes");
      const after = await aftermath(scene, MACHINES, before, { version });
      return new Map([[MACHINE, outcomeOf(after, before.old, version, told, options.saves === true)]]);
    },
  };
}

function outcomeOf(
  { facts, recorded, converged, ...common }: Aftermath,
  old: ReadonlyMap<string, Facts | Error>,
  version: number,
  told: string,
  saved: boolean,
): Outcome {
  return {
    ...common,
    facts: facts.get(MACHINE) as Facts | Error,
    old: old.get(MACHINE) as Facts,
    version: String(version),
    told,
    warned: "",
    recorded: saved ? recorded.get(MACHINE) : undefined,
    converged: converged.get(MACHINE) as Facts | Error,
  };
}

/** Kills the deployer and all that it started when it starts a program. */
async function killAt(scene: Scene, program: string, argument: string): Promise<string> {
  const gate = new DeployerGate(scene.project, program, argument);
  gate.hold();
  const running = scene.start();
  await gate.reached();
  killAtOnce(processTree(running.pid));
  await running.result;
  gate.release();
  return (await scene.up()).output;
}

/** Another checkout with a stack of its own that has the machine too. */
async function otherStack(scene: Scene, version: number): Promise<Project> {
  const other = new Project("other-stack");
  other.program(PROGRAM);
  other.write("system.nix", scene.project.read("system.nix"));
  const { machines } = JSON.parse(scene.project.read("scene.json"));
  machines[MACHINE].args.config.version = String(version);
  other.write("scene.json", JSON.stringify({ machines: { [MACHINE]: machines[MACHINE] } }));
  other.write("secrets/canary", scene.keyValue);
  await other.init();
  await other.setSecret("identities", JSON.stringify({ [MACHINE]: scene.subject(MACHINE).box.identity }));
  await other.setSecret("canary", scene.keyValue);
  return other;
}

/** A run with a key whose value comes from a command. */
async function upWithKey(scene: Scene, version: number, script: string): Promise<string> {
  scene.declare(version, (machine) =>
    machine === MACHINE ? { args: { keys: { token: { command: ["sh", "-c", script] } } } } : {},
  );
  return (await scene.up()).output;
}

const LOCKED = /the stack is currently locked by 1 lock.*`pulumi cancel`/s;

export const RUNS: readonly Play[] = [
  wholeRun(
    { row: "The deployer is killed", phase: "evaluating", ends: "old", told: [LOCKED], general: true },
    (scene) => killAt(scene, "nix-instantiate", "--eval"),
  ),
  wholeRun(
    { row: "The deployer is killed", phase: "building", ends: "old", told: [LOCKED], general: true },
    (scene) => killAt(scene, "nix-store", "--realise"),
  ),
  wholeRun(
    { row: "Two deployers at once", phase: "of one stack", ends: "new", told: [LOCKED], general: true },
    async (scene) => {
      const subject = scene.subject(MACHINE);
      subject.hold("testing");
      const running = scene.start();
      await subject.reached("testing");
      const { output } = await scene.up();
      subject.release("testing");
      await running.result;
      return output;
    },
    { saves: true },
  ),
  wholeRun(
    {
      row: "Two deployers at once",
      phase: "of two stacks",
      ends: "new",
      told: [
        /testing is held by a deployment of \S+@\S+ since 20\S+Z \(testing\)\. Run again when that one has ended\./,
      ],
    },
    async (scene, version) => {
      const subject = scene.subject(MACHINE);
      const other = await otherStack(scene, version + 1000);
      subject.hold("testing");
      const running = scene.start();
      await subject.reached("testing");
      const { output } = await other.up();
      subject.release("testing");
      await running.result;
      await other.dispose();
      return toldAbout(output, MACHINE);
    },
    { saves: true },
  ),
  wholeRun(
    { row: "The state file is restored from yesterday", ends: "new" },
    async (scene) => {
      const { project } = scene;
      const file = join("home", "yesterday.json");
      await project.pulumi("stack", "export", "--file", file);
      await scene.up();
      await project.pulumi("stack", "import", "--file", file);
      return toldAbout((await scene.up()).output, MACHINE);
    },
    { saves: true },
  ),
  wholeRun(
    {
      row: "A key command fails or prints nothing",
      phase: "fails",
      ends: "old",
      told: [
        /machine "testing".*key "token".*exited with 3|machine "testing".*"token".*3/s,
        /the vault is sealed/,
      ],
      general: true,
    },
    (scene, version) => upWithKey(scene, version, "echo the vault is sealed >&2; exit 3"),
    { saves: true },
  ),
  wholeRun(
    {
      row: "A key command fails or prints nothing",
      phase: "prints nothing",
      ends: "old",
      told: [/machine "testing".*"token"/s],
      general: true,
    },
    (scene, version) => upWithKey(scene, version, "true"),
    { saves: true },
  ),
];
