import { afterAll, expect, test } from "vitest";
import { TypedProject } from "./project.js";

const project = new TypedProject();
afterAll(() => project.remove());

const declaring = (type: string) =>
  `{ lib, ... }: { options.own.breadth = lib.mkOption { type = lib.types.${type}; }; }`;

test("modules of the networks count without being named, unless they do not go together", async () => {
  const network = (name: string) =>
    project.write(
      `.firn/dev/${name}/default.nix`,
      `{ machines.m.modules = [ (./. + "/../../../${name}.nix") (./. + "/../../../gone.nix") ]; }`,
    );
  project.write("one.nix", declaring("int"));
  network("one");
  await project.types();
  expect(project.read("nixos-options.d.ts")).toContain("breadth?: Nix<number>;");

  project.write("two.nix", declaring("str"));
  network("two");
  await project.types();
  expect(project.read("nixos-options.d.ts")).not.toContain("breadth?:");
  await expect(project.types("one.nix", "two.nix")).rejects.toThrow(
    /firn types: the options could not be read: .*own\.breadth.*one\.nix.*already declared in .*two\.nix/,
  );
  await project.types("two.nix");
  expect(project.read("nixos-options.d.ts")).toContain("breadth?: Nix<string>;");
});
