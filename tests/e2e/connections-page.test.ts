import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { NIXPKGS } from "../mini-nixos/evaluate.js";
import { Project } from "./project.js";
import { joinSnippets, readPage } from "./typescript/page.js";

/** docs/how-to/connections.md, previewed as it stands; its nixpkgs is the miniature. */
const page = readPage(fileURLToPath(new URL("../../docs/how-to/connections.md", import.meta.url)));
const project = new Project("connections-page");

afterAll(() => project.dispose());

test("every snippet of the page works, in one preview", async () => {
  project.write("hardware.nix", "{ boot.isContainer = true; }\n");
  const nixpkgs = JSON.stringify({ path: NIXPKGS });
  project.write("index.ts", joinSnippets(page.snippets).replace('{ flake: "." }', nixpkgs));
  await project.init();
  for (const name of ["deployKey", "adminPassword"])
    await project.pulumi("config", "set", "--secret", name, "hunter2-canary");
  // The page's hosts are nobody's.
  await project.pulumi("config", "set", "firn:lookAtHosts", "false");
  const preview = await project.preview();
  expect(preview.exitCode, preview.output).toBe(0);
  expect(preview.output).not.toContain("canary");
  const declared = [...page.snippets.join("\n").matchAll(/net\.machine\("(.*?)"/g)].map((match) => match[1]);
  expect(declared.length).toBeGreaterThan(7);
  for (const name of declared) expect(preview.output).toContain(`System::net-${name}`);
});
