import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { installedPackages, providerPlugins } from "./packages.mjs";

const root = mkdtempSync(join(tmpdir(), "firn-packages-"));
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("finds provider plugins along dependencies, wherever npm put the packages", () => {
  manifest(".", { dependencies: { "@firn/cloud": "*", left: "*" } });
  manifest("node_modules/@firn/cloud", { version: "1.0.0", peerDependencies: { "@pulumi/cloud": "*" } });
  manifest("node_modules/left", { version: "2.0.0", dependencies: { named: "*", absent: "*" } });
  manifest("node_modules/@pulumi/cloud", { version: "3.0.0", pulumi: { resource: true } });
  manifest("node_modules/left/node_modules/named", {
    version: "4.0.0",
    dependencies: { left: "*" },
    pulumi: { resource: true, name: "other", version: "v4.1.0", server: "https://plugins.example" },
  });
  manifest("node_modules/unrelated", { version: "5.0.0", pulumi: { resource: true } });
  manifest("program/.keep", {});

  const packages = installedPackages(join(root, "program"));
  expect(packages.filter(({ direct }) => direct).map(({ name }) => name)).toEqual(["@firn/cloud", "left"]);
  expect(providerPlugins(packages)).toEqual([
    { name: "cloud", version: "v3.0.0", server: "" },
    { name: "other", version: "v4.1.0", server: "https://plugins.example" },
  ]);
});

function manifest(folder: string, content: object) {
  const path = join(root, folder, "package.json");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(content));
}
