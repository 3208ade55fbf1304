import type { CanaryRun } from "../canary/search.js";
import type { PulumiResult } from "../e2e/project.js";
import type { Facts } from "./facts.js";
import type { Outcome } from "./outcome.js";
import { recordedSystems, validateState } from "./outcome.js";
import type { Declared, Scene } from "./scene.js";
import { secretsFound, watchSecrets } from "./secrets.js";
import { leftInRuntime, surroundings, touched } from "./surroundings.js";

/** What is known of all machines together. */
type Common = Pick<Outcome, "following" | "touched" | "invalid" | "secrets">;

export interface Aftermath extends Common {
  readonly facts: ReadonlyMap<string, Facts | Error>;
  readonly recorded: ReadonlyMap<string, string>;
  readonly converged: ReadonlyMap<string, Facts | Error>;
}

/** What machines run, asked over ssh with their pinned keys; an error for one that is lost. */
export async function factsOfAll(
  scene: Scene,
  machines: readonly string[],
): Promise<Map<string, Facts | Error>> {
  const facts = machines.map(
    async (name) =>
      [
        name,
        await scene
          .subject(name)
          .facts()
          .catch((error: Error) => error),
      ] as const,
  );
  return new Map(await Promise.all(facts));
}

/** What was before a fault. */
export interface Before {
  readonly old: ReadonlyMap<string, Facts | Error>;
  readonly around: ReadonlyMap<string, string>;
  readonly watch: CanaryRun;
}

/** Looks at everything before a fault, which `prepare` makes ready together with what the run shall bring. */
export async function beforehand(
  scene: Scene,
  machines: readonly string[],
  prepare: () => unknown,
): Promise<Before> {
  const old = await factsOfAll(scene, machines);
  await prepare();
  return { old, around: await surroundings(scene), watch: watchSecrets(scene) };
}

export interface AftermathOptions {
  readonly version: number;
  /** What is always so of a machine. */
  readonly always?: (machine: string) => Declared;
  /** Between looking at the machines and the run that follows. */
  readonly mend?: () => Promise<unknown>;
}

/** Looks at everything after a fault, has the run that follows bring the new version, and looks again. */
export async function aftermath(
  scene: Scene,
  machines: readonly string[],
  { around, watch }: Before,
  { version, always, mend }: AftermathOptions,
): Promise<Aftermath> {
  const facts = await factsOfAll(scene, machines);
  const recorded = await recordedSystems(scene);
  const invalid = await validateState(scene.project);
  const after = await surroundings(scene);
  await mend?.();
  scene.declare(version, always);
  const following: PulumiResult = await scene.up();
  scene.version = version;
  const converged = await factsOfAll(scene, machines);
  return {
    facts,
    recorded,
    converged,
    following,
    invalid,
    touched: [...touched(around, after), ...leftInRuntime(scene)],
    secrets: await secretsFound(scene, watch),
  };
}
