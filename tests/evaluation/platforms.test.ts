import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fn, lib, nix, pkgs, str } from "@firn/nix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { output, run, TestNetwork } from "./network.js";

/** What each machine may have of its own: platform, overlays, settings of nixpkgs, arguments of its modules. */
let net: TestNetwork;
beforeAll(() => {
  net = new TestNetwork("platforms");
});
afterAll(() => net.dispose());

const derivation = async (drvPath: string): Promise<{ system: string }> => {
  const text = await output("nix", [
    "--extra-experimental-features",
    "nix-command",
    "show-derivation",
    drvPath,
  ]);
  const parsed = JSON.parse(text);
  return Object.values(parsed.derivations ?? parsed)[0] as { system: string };
};
const etcOf = async (machine: string, file: string) => {
  const expression = `(import ${net.root}/.firn/test/net { }).${machine}.config.environment.etc.${file}.text`;
  return JSON.parse(await output("nix-instantiate", ["--eval", "--strict", "--json", "--expr", expression]));
};
const etc = (text: unknown) => ({ environment: { etc: { marker: { text } } } });

test("machines of several systems in one network, natively and cross-compiled", async () => {
  const { evaluated } = await net.evaluate({
    amd: {},
    arm: { system: "aarch64-linux" },
    cross: { system: "aarch64-linux", buildPlatform: "x86_64-linux" },
  });
  const systems = await Promise.all(
    ["amd", "arm", "cross"].map(
      async (name) => (await derivation(evaluated.get(name)?.drvPath ?? "")).system,
    ),
  );
  expect(systems).toEqual(["x86_64-linux", "aarch64-linux", "x86_64-linux"]);

  // Only the cross-compiled one of the two can be built here, and it is for the other processor.
  const { drvPath = "", toplevel = "" } = evaluated.get("cross") ?? {};
  await run("nix-store", ["--realise", drvPath]);
  expect(readFileSync(join(toplevel, "system"), "utf8")).toBe("aarch64-linux");
  expect(toplevel).toMatch(/-aarch64-unknown-linux-gnu$/);
});

test("a machine's own hardware file wins over where it is built", async () => {
  net.write("hardware.nix", '{ lib, ... }: { nixpkgs.hostPlatform = lib.mkForce "x86_64-linux"; }');
  const { evaluated } = await net.evaluate({
    a: { system: "aarch64-linux", buildPlatform: "x86_64-linux", modules: [{ path: "hardware.nix" }] },
  });
  expect((await derivation(evaluated.get("a")?.drvPath ?? "")).system).toBe("x86_64-linux");
});

test("overlays are those of one machine, and build on each other", async () => {
  const greeter = fn((final, prev) => ({
    hello: prev.hello.overrideAttrs({ pname: "greeter" }),
    both: final.writeText("both", str`${final.hello.pname} ${final.jq.pname}`),
  }));
  const second = fn((_final, prev) => ({
    jq: prev.jq.overrideAttrs(fn((old) => ({ pname: str`my-${old.pname}` }))),
  }));
  await net.evaluate({
    a: {
      config: {
        nixpkgs: { overlays: [greeter, second] },
        ...etc(str`${pkgs.hello.pname} ${pkgs.both.text}`),
      },
    },
    b: { config: etc(str`${pkgs.hello.pname} ${lib.boolToString(nix`pkgs ? both`)}`) },
  });
  expect(await etcOf("a", "marker")).toBe("greeter greeter my-jq");
  expect(await etcOf("b", "marker")).toBe("hello false");
});

test("settings of nixpkgs are those of one machine", async () => {
  const unfree = { environment: { systemPackages: [pkgs["hello-unfree"]] } };
  await net.evaluate({ a: { config: { ...unfree, nixpkgs: { config: { allowUnfree: true } } } } });
  await expect(
    net.evaluate({
      a: { config: { ...unfree, nixpkgs: { config: { allowUnfree: true } } } },
      b: { config: unfree },
    }),
  ).rejects.toThrow(/^b: .*unfree/);
  const byName = nix`pkg: pkg.pname == "example-unfree-package"`;
  await net.evaluate({ a: { config: { ...unfree, nixpkgs: { config: { allowUnfreePredicate: byName } } } } });
});

test("arguments of modules decide what is imported", async () => {
  net.write("roles/web.nix", '{ site, ... }: { environment.etc.marker.text = "web of ${site.name}"; }');
  net.write("roles/db.nix", '{ environment.etc.marker.text = "db"; }');
  net.write("role.nix", '{ role, ... }: { imports = [ (./roles + "/${role}.nix") ]; }');
  const modules = [{ path: "role.nix" }];
  await net.evaluate({
    a: { modules, specialArgs: { role: "web", site: { name: "Berlin" } } },
    b: { modules, specialArgs: { role: nix`"d" + "b"` } },
  });
  expect(await etcOf("a", "marker")).toBe("web of Berlin");
  expect(await etcOf("b", "marker")).toBe("db");
});
