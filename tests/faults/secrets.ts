import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Scene } from "./scene.js";

/** Where what nobody may read is found in plain text: in what the runs said, and in the project with its stack. */
export async function searchSecrets(scene: Scene): Promise<string[]> {
  const secrets = [...scene.subjects, scene.bystander].map(({ name, box }) => ({
    what: `the identity of ${name}`,
    // A line of the key's middle: the first lines of all keys are alike.
    text: box.identity.split("\n")[3] ?? "",
  }));
  const places = new Map(scene.said.map((text, index) => [`the output of run ${index}`, text]));
  for (const entry of readdirSync(scene.project.directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      places.set(
        join(entry.parentPath, entry.name),
        readFileSync(join(entry.parentPath, entry.name), "latin1"),
      );
  return secrets.flatMap(({ what, text }) =>
    [...places].filter(([, content]) => content.includes(text)).map(([place]) => `${what} in ${place}`),
  );
}
