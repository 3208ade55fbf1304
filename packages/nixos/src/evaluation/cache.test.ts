import { mkdtempSync, readdirSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EvaluationCache } from "./cache.js";

const evaluated = {
  drvPath: tmpdir(), // something that is there
  toplevel: "/nix/store/x",
  manifest: { nixos: "26.05", kernel: "", units: {}, etc: {}, packages: {} },
};

test("the cache is bounded: what was not used for longest goes", () => {
  const directory = mkdtempSync(join(tmpdir(), "firn-cache-"));
  const cache = new EvaluationCache(directory);
  for (let entry = 0; entry < 600; entry += 1) {
    cache.put(`k${entry}`, { evaluated });
    utimesSync(join(directory, `k${entry}.json`), new Date(1e9 + entry * 1000), new Date(1e9 + entry * 1000));
  }
  expect(cache.get("k0", "")).toEqual(evaluated); // used just now
  cache.prune();
  expect(readdirSync(directory).length).toBe(500);
  expect(cache.get("k0", "")).toEqual(evaluated);
  expect(cache.get("k100", "")).toBeUndefined();
  expect(cache.get("k599", "")).toEqual(evaluated);
});
