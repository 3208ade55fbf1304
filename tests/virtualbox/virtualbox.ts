import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Project } from "../e2e/project.js";
import { VBoxSVC } from "./stand-in/server.js";

/** Gives a project a VirtualBox for the tests of a file, and images that machines start from. */
export function useVirtualbox(project: Project): VBoxSVC {
  const server = new VBoxSVC(join(project.directory, "vbox"));
  beforeAll(async () => {
    const environment = await server.listen();
    for (const [name, value] of Object.entries(environment)) project.setEnvironment(name, value);
  });
  // After the test's own, which destroys what is left.
  afterAll(() => server.close());
  mkdirSync(join(project.directory, "vbox-bin"));
  symlinkSync(VBoxSVC.program, join(project.directory, "vbox-bin", "VBoxManage"));
  project.prependPath("vbox-bin");
  for (const name of ["debian-13-generic-amd64.raw", "debian-12.vdi", "nixos.vmdk"])
    makeImage(join(project.directory, "images", name));
  return server;
}

/** A disk image without anything on it: what a machine of the stand-in boots is Debian, or NixOS for one that is called so. */
export function makeImage(file: string): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "");
  truncateSync(file, 2 ** 31);
}
