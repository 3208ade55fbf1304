import { aftermath, beforehand } from "./aftermath.js";
import type { Facts } from "./facts.js";
import type { Outcome } from "./outcome.js";
import type { DeployerFault } from "./rows/deployers.js";
import type { Scene } from "./scene.js";
import { GATES } from "./subject.js";

/** One run that something befalls when every machine of the scene is at the phase that it is named after. */
export async function interrupt(scene: Scene, fault: DeployerFault): Promise<Map<string, Outcome>> {
  const version = scene.version + 1;
  const held = GATES.map((gate) => ({ gate, subject: scene.subject(gate) }));
  const before = await beforehand(scene, GATES, () => scene.declare(version));
  for (const { gate, subject } of held) subject.hold(gate);

  const running = scene.start();
  await Promise.all(held.map(({ gate, subject }) => subject.reached(gate)));
  const told = await fault.act(scene, running, () => {
    for (const { gate, subject } of held) subject.release(gate);
  });
  if (fault.next === "later") await Promise.all(held.map(({ subject }) => subject.settled()));
  await scene.project.pulumi("cancel", "--yes");
  const { facts, recorded, converged, ...common } = await aftermath(scene, GATES, before, { version });
  const outcomeOf = (machine: string): Outcome => ({
    ...common,
    facts: (fault.next === "later" ? facts : converged).get(machine) as Facts | Error,
    old: before.old.get(machine) as Facts,
    version: String(version),
    told,
    warned: "",
    // What a deployer that is no more had not written down, the next run does.
    recorded: fault.saves ? recorded.get(machine) : undefined,
    converged: converged.get(machine) as Facts | Error,
  });
  return new Map(GATES.map((gate) => [gate, outcomeOf(gate)]));
}
