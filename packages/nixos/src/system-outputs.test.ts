import type { Goal } from "@firn/host";
import { expect, test } from "vitest";
import type { SystemInputs } from "./system.js";
import { isReached, NO_SYSTEM, outputsAfter, outputsSeen, type SystemOutputs } from "./system-outputs.js";

const manifest = (nixos: string) => ({ nixos, kernel: "", units: {}, etc: {}, packages: {} });
const inputs = (toplevel: string, goal: Goal = "switch") =>
  ({
    toplevel,
    drvPath: `${toplevel}.drv`,
    manifest: manifest(toplevel),
    goal,
    hostKey: "key",
  }) as SystemInputs;

const switched = (toplevel: string): SystemOutputs =>
  outputsAfter(undefined, inputs(toplevel), {
    goal: "switch",
    activated: { running: toplevel, bootDefault: toplevel, rebootPending: [] },
  });

test("a switch reaches every goal, and only for its own system", () => {
  const state = switched("new");
  for (const goal of ["build", "copy", "dry-activate", "test", "boot", "switch"] as const) {
    expect(isReached(state, inputs("new", goal))).toBe(true);
    expect(isReached(state, inputs("newer", goal))).toBe(false);
  }
});

test.each(["build", "copy", "dry-activate"] as const)(
  "after %s the state says what runs, and a switch is still to be made",
  (goal) => {
    const state = outputsAfter(switched("old"), inputs("new", goal), { goal });
    expect(state).toMatchObject({
      toplevel: "old",
      drvPath: "old.drv",
      manifest: { nixos: "old" },
      next: { goal },
    });
    expect(isReached(state, inputs("new", goal))).toBe(true);
    expect(isReached(state, inputs("new", "build"))).toBe(true);
    expect(isReached(state, inputs("new", "test"))).toBe(false);
    expect(isReached(state, inputs("new"))).toBe(false);
    const seen = outputsSeen(state, { running: "old", bootDefault: "old", rebootPending: [] });
    expect(seen).toEqual(state);
  },
);

test("a goal further on is not reached by one before it", () => {
  const built = outputsAfter(switched("old"), inputs("new", "build"), { goal: "build" });
  expect(isReached(built, inputs("new", "copy"))).toBe(false);
});

test("a test runs, and is no boot default", () => {
  const state = outputsAfter(switched("old"), inputs("new", "test"), {
    goal: "test",
    activated: { running: "new", bootDefault: "old", rebootPending: [] },
  });
  expect(state).toMatchObject({ toplevel: "new", bootDefault: "old" });
  expect(isReached(state, inputs("new", "test"))).toBe(true);
  expect(isReached(state, inputs("new"))).toBe(false);
  expect(outputsSeen(state, { running: "new", bootDefault: "old", rebootPending: [] })).toEqual(state);
});

test("a system for the next boot arrives with it", () => {
  const state = outputsAfter(switched("old"), inputs("new"), {
    goal: "switch",
    activated: { running: "old", bootDefault: "new", rebootPending: ["kernel"] },
  });
  expect(state).toMatchObject({ toplevel: "old", manifest: { nixos: "old" }, rebootPending: ["kernel"] });
  expect(isReached(state, inputs("new"))).toBe(false);
  expect(isReached(state, inputs("new", "boot"))).toBe(true);
  const seen = outputsSeen(state, { running: "new", bootDefault: "new", rebootPending: [] });
  expect(seen).toEqual(switched("new"));
});

test("nothing that ran before Firn came is drift", () => {
  const state = outputsAfter(undefined, inputs("new", "build"), { goal: "build" });
  expect(state.toplevel).toBe(NO_SYSTEM);
  expect(outputsSeen(state, { running: "foreign", bootDefault: "foreign", rebootPending: [] })).toBe(state);
});

test("a build leaves the key by which the machine is reached", () => {
  const rotated = { ...inputs("new", "build"), hostKey: "another" };
  expect(outputsAfter(switched("old"), rotated, { goal: "build" }).hostKey).toBe("key");
  const first = { ...rotated, temporaryHostKey: "temporary" };
  expect(outputsAfter(undefined, first, { goal: "build" }).hostKey).toBe("temporary");
});

test("a state of an older version that knows of no boot default is as it was", () => {
  const { bootDefault: _, ...older } = switched("new");
  expect(isReached(older, inputs("new"))).toBe(true);
});
