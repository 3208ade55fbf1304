import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Scene } from "./scene.js";

/** What a run may write in the project, and what the tests do. */
const CHANGES = [".firn", "backend", "nix-processes.log", "scene.json", "home", "shims", "gates"];

/** Everything near a machine that a fault of it must not touch, by name. */
export async function surroundings(scene: Scene): Promise<Map<string, string>> {
  const { bystander, home, project } = scene;
  const { system, differs } = await bystander.factsFromInside();
  const profile = await bystander.inside("ls -l --time-style=full-iso /nix/var/nix/profiles");
  const etc = await bystander.inside("ls -lR --time-style=full-iso /etc");
  return new Map([
    ["the bystander's system", [system, ...differs].join("\n")],
    ["the bystander's boot", bystander.box.bootId()],
    ["the bystander's ssh connections", String(bystander.box.sshAccepted())],
    ["the bystander's generations", profile],
    ["the bystander's /etc", digest(etc)],
    ...tree(join(home, ".ssh"), ".ssh"),
    ...tree(project.directory, "project", CHANGES),
  ]);
}

/** What differs between two {@link surroundings}. */
export function touched(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}

/** What finished deployers left in the place for secrets. */
export function leftInRuntime(scene: Scene): string[] {
  return readdirSync(scene.runtime).filter((name) => name.startsWith("firn-"));
}

function tree(directory: string, label: string, without: readonly string[] = []): [string, string][] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => !without.includes(entry.name))
    .flatMap((entry): [string, string][] => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return tree(path, `${label}/${entry.name}`);
      return entry.isFile()
        ? [[`${label}/${entry.name}`, `${statSync(path).mode} ${digest(readFileSync(path))}`]]
        : [];
    });
}

function digest(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
