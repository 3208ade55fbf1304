import { aftermath, beforehand } from "./aftermath.js";
import type { Facts } from "./facts.js";
import type { Fault } from "./fault.js";
import { type Outcome, toldAbout, warningsAbout } from "./outcome.js";
import type { Scene } from "./scene.js";

/**
 * One run during which every machine of the scene has its own fault, and one after it with the causes removed.
 *
 * @returns the outcomes by machine
 */
export async function befall(scene: Scene, faults: readonly Fault[]): Promise<Map<string, Outcome>> {
  const pairs = faults.map((fault) => ({ fault, subject: scene.subject(fault.machine) }));
  const machines = faults.map(({ machine }) => machine);
  const version = scene.version + 1;
  const of = (machine: string) => pairs.find(({ subject }) => subject.name === machine);
  const always = (machine: string) => of(machine)?.fault.always?.() ?? {};
  const before = await beforehand(scene, machines, async () => {
    for (const { fault, subject } of pairs) await fault.arm?.(subject, scene);
    scene.declare(version, (machine) => ({ ...always(machine), ...of(machine)?.fault.declared }));
  });

  const running = scene.start();
  await Promise.all(pairs.map(({ fault, subject }) => fault.during?.(subject)));
  const run = await running.result;

  for (const { fault, subject } of pairs) await fault.reconnect?.(subject);
  await Promise.all(pairs.map(({ subject }) => subject.settled()));
  const mend = async () => {
    for (const { fault, subject } of pairs) await fault.mend?.(subject);
  };
  const { facts, recorded, converged, ...common } = await aftermath(scene, machines, before, {
    version,
    always,
    mend,
  });
  for (const { fault } of pairs) await fault.clear?.();
  const outcomeOf = (machine: string): Outcome => ({
    ...common,
    facts: facts.get(machine) as Facts | Error,
    old: before.old.get(machine) as Facts,
    version: String(version),
    told: toldAbout(run.output, machine),
    warned: warningsAbout(run.output, machine),
    recorded: recorded.get(machine),
    converged: converged.get(machine) as Facts | Error,
  });
  return new Map(machines.map((machine) => [machine, outcomeOf(machine)]));
}
