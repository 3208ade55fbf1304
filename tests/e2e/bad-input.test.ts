import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "./project.js";

const project = new Project("bad-input");
const network = (body: string, args = "nixpkgs: NIXPKGS,") =>
  `const net = new Network("net", { ${args} stateVersion: "26.05", target: container() });\n${body}\n`;

beforeAll(async () => {
  project.program(network(""));
  await project.init();
});
afterAll(() => project.dispose());

test.each([
  [
    "a name that is no host name",
    network(`net.machine("we b");`),
    /index\.ts:\d+: "we b" is no machine name/,
  ],
  [
    "a name used twice",
    network(`net.machine("a"); net.machine("a");`),
    /index\.ts:\d+: network "net" has a machine "a" already, declared at index\.ts:\d+/,
  ],
  [
    "a module that is not there",
    network(`net.machine("a", { modules: ["./gone.nix"] });`),
    /machine "a" \(index\.ts:\d+\) names the module \.\/gone\.nix, but .* is not there/,
  ],
  ["no nixpkgs", network(`net.machine("a");`, ""), /No nixpkgs: .*flake\.lock/],
  [
    "nixpkgs that is none",
    network(`net.machine("a");`, `nixpkgs: { path: "." },`),
    /is no nixpkgs: it has no nixos\/lib\/eval-config\.nix/,
  ],
  [
    "a machine declared too late",
    network(`net.machine("a"); await new Promise((r) => setTimeout(r, 50)); net.machine("b");`),
    /machine "b" is declared after its network was evaluated/,
  ],
  [
    "a stack that byStack does not know",
    network(`byStack({ prod: 1 });`),
    /byStack\(\) has nothing for the stack "dev"; it knows prod/,
  ],
])("%s gets one clear error, and nothing is made", async (_what, program, message) => {
  project.program(program);
  const result = await project.preview();
  expect(result.output).toMatch(message);
  expect(result.output).not.toContain("hunter2");
  expect(result.output).not.toMatch(/\n\s+at .*node_modules/);
  expect(result.exitCode).not.toBe(0);
  expect((await project.resources()).length).toBeLessThanOrEqual(1);
});

test("a missing Nix and one that is too old are told apart", async () => {
  project.program(network(`net.machine("a");`));
  project.write("shims/nix-instantiate", '#!/bin/sh\necho "nix-instantiate (Nix) 2.3.16"\n');
  const old = await project.preview();
  expect(old.output).toContain("Nix 2.3.16 is too old: Firn needs 2.8 or newer");
  expect(old.exitCode).not.toBe(0);

  project.hideNix();
  const missing = await project.preview();
  expect(missing.output).toContain("Nix is missing: `nix-instantiate` is not on PATH");
  expect(missing.exitCode).not.toBe(0);
});
