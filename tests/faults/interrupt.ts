import type { Facts } from "./facts.js";
import { factsOf, type Outcome, recordedSystems, validateState } from "./outcome.js";
import type { DeployerFault } from "./rows/deployers.js";
import type { Scene } from "./scene.js";
import { searchSecrets } from "./secrets.js";
import { GATES } from "./subject.js";
import { leftInRuntime, surroundings, touched } from "./surroundings.js";

/** One run that something befalls when every machine of the scene is at the phase that it is named after. */
export async function interrupt(scene: Scene, fault: DeployerFault): Promise<Map<string, Outcome>> {
  const version = scene.version + 1;
  const held = GATES.map((gate) => ({ gate, subject: scene.subject(gate) }));
  const read = async () =>
    new Map(
      await Promise.all(GATES.map(async (gate) => [gate as string, await factsOf(scene, gate)] as const)),
    );
  const old = await read();
  scene.declare(version);
  const before = await surroundings(scene);
  for (const { gate, subject } of held) subject.hold(gate);

  const running = scene.start();
  await Promise.all(held.map(({ gate, subject }) => subject.reached(gate)));
  const told = await fault.act(scene, running, () => {
    for (const { gate, subject } of held) subject.release(gate);
  });
  if (fault.next === "later") await Promise.all(held.map(({ subject }) => subject.settled()));
  const facts = fault.next === "later" ? await read() : undefined;
  await scene.project.pulumi("cancel", "--yes");
  const invalid = await validateState(scene);
  const after = await surroundings(scene);

  const following = await scene.up();
  scene.version = version;
  const converged = await read();
  const recorded = await recordedSystems(scene);
  const secrets = await searchSecrets(scene);
  const changed = [...touched(before, after), ...leftInRuntime(scene)];
  const outcomeOf = (machine: string): Outcome => ({
    facts: (facts ?? converged).get(machine) as Facts,
    old: old.get(machine) as Facts,
    version: String(version),
    told,
    recorded: facts ? undefined : recorded.get(machine),
    converged: converged.get(machine) as Facts,
    following,
    touched: changed,
    invalid,
    secrets,
  });
  return new Map(GATES.map((gate) => [gate, outcomeOf(gate)]));
}
