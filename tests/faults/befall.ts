import type { Facts } from "./facts.js";
import type { Fault } from "./fault.js";
import { factsOf, type Outcome, recordedSystems, toldAbout, validateState } from "./outcome.js";
import type { Scene } from "./scene.js";
import { searchSecrets } from "./secrets.js";
import { leftInRuntime, surroundings, touched } from "./surroundings.js";

/**
 * One run during which every machine of the scene has its own fault, and one after it with the causes removed.
 *
 * @returns the outcomes by machine
 */
export async function befall(scene: Scene, faults: readonly Fault[]): Promise<Map<string, Outcome>> {
  const pairs = faults.map((fault) => ({ fault, subject: scene.subject(fault.machine) }));
  const version = scene.version + 1;
  const old = new Map(
    await Promise.all(pairs.map(async ({ subject }) => [subject.name, await subject.facts()] as const)),
  );
  scene.declare(version, (machine) => faults.find((fault) => fault.machine === machine)?.declared ?? {});
  const before = await surroundings(scene);
  for (const { fault, subject } of pairs) await fault.arm?.(subject);

  const running = scene.start();
  await Promise.all(pairs.map(({ fault, subject }) => fault.during?.(subject)));
  const run = await running.result;

  for (const { fault, subject } of pairs) await fault.reconnect?.(subject);
  await Promise.all(pairs.map(({ subject }) => subject.settled()));
  const facts = new Map(
    await Promise.all(
      pairs.map(async ({ subject }) => [subject.name, await factsOf(scene, subject.name)] as const),
    ),
  );
  const recorded = await recordedSystems(scene);
  const invalid = await validateState(scene);
  const after = await surroundings(scene);

  for (const { fault, subject } of pairs) await fault.mend?.(subject, toldAbout(run.output, subject.name));
  scene.declare(version);
  const following = await scene.up();
  scene.version = version;
  const secrets = await searchSecrets(scene);
  const changed = [...touched(before, after), ...leftInRuntime(scene)];
  return new Map(
    await Promise.all(
      faults.map(
        async ({ machine }): Promise<[string, Outcome]> => [
          machine,
          {
            facts: facts.get(machine) as Facts | Error,
            old: old.get(machine) as Facts,
            version: String(version),
            told: toldAbout(run.output, machine),
            recorded: recorded.get(machine),
            converged: await factsOf(scene, machine),
            following,
            touched: changed,
            invalid,
            secrets,
          },
        ],
      ),
    ),
  );
}
