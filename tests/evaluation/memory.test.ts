import { nix } from "@firn/nix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { evaluationMemory } from "../../packages/nixos/dist/evaluation/groups.js";
import { evaluateNetwork } from "../../packages/nixos/dist/evaluation/network.js";
import { watchMemory } from "../bench/memory.js";
import { TestNetwork } from "./network.js";

/** Machines whose configurations hold some hundred megabytes each. */
let net: TestNetwork;
beforeAll(() => {
  net = new TestNetwork("memory");
});
afterAll(() => net.dispose());

const big = (text: string, elements = 2_600_000) => ({
  modules: [
    {
      value: {
        imports: [
          nix`{ big, ... }: {
            _module.args.big = builtins.genList (x: { inherit x; }) ${elements};
            environment.etc.marker.text = ${text} + toString (builtins.foldl' (sum: each: sum + each.x) 0 big);
          }`,
        ],
      },
    },
  ],
});
const machines = { a: big("a"), b: big("b"), c: big("c"), d: big("d") };

test("a group over the budget goes in smaller groups, and the budget is kept", async () => {
  const budget = 1000;
  const memory = watchMemory(process.pid);
  const small = await net.evaluate(machines, { memory: evaluationMemory(budget) });
  expect(memory.stop().nix).toBeLessThanOrEqual(budget);
  const groups = net.groups();
  expect(groups[0]).toEqual(["a", "b", "c", "d"]);
  expect(groups.length).toBeGreaterThan(2);
  expect([...small.evaluated.keys()].toSorted()).toEqual(["a", "b", "c", "d"]);
});

test("a machine over the budget alone fails, says so, and the others do not", async () => {
  const request = net.request({ small: {}, huge: big("huge", 9_000_000) }, { memory: evaluationMemory(600) });
  const { evaluated, failures } = await evaluateNetwork(request);
  expect([...evaluated.keys()]).toEqual(["small"]);
  expect(failures.get("huge")?.reason).toBe("its evaluation takes more than 600 MB of memory");
  expect(failures.get("huge")?.hint).toContain("pulumi config set firn:evalMemory");
});
