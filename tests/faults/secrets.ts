import { CanaryRun } from "../canary/search.js";
import type { Scene } from "./scene.js";

/** Where machines have the values of their keys because they shall. */
const KEYS = ["/run/keys", "/var/lib/keys"];

/** Begins to look after a scene's secrets: those of the machines' keys, and the keys that open the machines. */
export function watchSecrets(scene: Scene): CanaryRun {
  return new CanaryRun(scene.canaries);
}

/** Where they were seen or lie: none of these places may have them. */
export async function secretsFound(scene: Scene, watch: CanaryRun): Promise<string[]> {
  const findings = await watch.search({
    project: scene.project.directory,
    sources: ["secrets"],
    machines: [...scene.subjects, scene.bystander].map(({ box }) => ({ machine: box, keys: KEYS })),
    output: scene.said.join("\n"),
  });
  return findings.map(({ canary, where }) => `${canary} in ${where}`);
}
