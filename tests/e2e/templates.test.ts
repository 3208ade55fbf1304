import { afterAll, afterEach, expect, test } from "vitest";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { pageAt } from "../lab/probe.js";
import { NIXPKGS } from "../mini-nixos/evaluate.js";
import type { Project } from "./project.js";
import { expectShown, newFromTemplate, useMiniature } from "./template.js";

/** Templates of `pulumi new` that need no cloud; those of clouds are in `tests/clouds`. */
let project: Project;
let host: LabContainer | undefined;
afterEach(() => project?.dispose());
afterAll(() => host?.remove());

async function deployed(template: string): Promise<string> {
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  expectShown(template, up.output);
  const { url = "" } = await project.outputs();
  return pageAt(url);
}

test("container: one machine on this computer", async () => {
  project = await newFromTemplate("container");
  await project.init();
  await useMiniature(project);
  expect(await deployed("container")).toBe("Hello from NixOS on this computer");
});

test("web-db: a web server that knows where its database is", async () => {
  project = await newFromTemplate("web-db");
  await project.init();
  await useMiniature(project);
  const page = await deployed("web-db");
  const database = /^Hello from NixOS; the database is at ([\d.]+):5432$/.exec(page)?.[1] ?? "";
  const resources = await project.resources();
  const db = resources.find(({ urn }) => urn.endsWith(":Container::net-db"));
  expect(database).toBe(db?.outputs?.address);
});

test("existing: a host that Pulumi did not make", async () => {
  host = await startContainer("template-host");
  project = await newFromTemplate("existing");
  await project.init();
  await useMiniature(project);
  await project.pulumi("config", "set", "address", host.address);
  await project.pulumi("config", "set", "hostKey", host.hostKey);
  await project.setSecret("identity", host.identity);
  expect(await deployed("existing")).toBe("Hello from NixOS on a host of yours");
});

test("flake: what nixosConfigurations of the project's flake has", async () => {
  project = await newFromTemplate("flake");
  project.write("flake.nix", project.read("flake.nix").replace(/github:[^"]+/, `path:${NIXPKGS}`));
  const lock = "git init --quiet && git add flake.nix web.nix && nix flake lock && git add flake.lock";
  const locked = await project.run("sh", ["-c", lock]);
  expect(locked.exitCode, locked.output).toBe(0);
  await project.init();
  expect(await deployed("flake")).toBe("Hello from NixOS by a flake");
});
