import { expect, test } from "vitest";
import { evaluationMemory, planGroups } from "./groups.js";

const names = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

test("a few machines share one process, many get one per core", () => {
  expect(planGroups(names(1), 16_000, 8).groups).toEqual([["m0"]]);
  expect(planGroups(names(7), 16_000, 8).groups.length).toBe(1);
  expect(planGroups(names(20), 16_000, 2)).toMatchObject({ processes: 2, memoryMb: 8000 });
  expect(planGroups(names(20), 16_000, 2).groups.map((group) => group.length)).toEqual([10, 10]);
});

test("little memory means fewer processes and smaller groups, and every machine is in one", () => {
  const plan = planGroups(names(100), 1000, 8);
  expect(plan.processes).toBe(1);
  expect(Math.max(...plan.groups.map((group) => group.length))).toBe(4);
  expect(plan.groups.flat()).toEqual(names(100));
  expect(planGroups(names(3), 10, 8).groups).toEqual([["m0"], ["m1"], ["m2"]]);
});

test("what is configured is kept to; otherwise a machine alone may have more than groups together", () => {
  expect(evaluationMemory(700)).toEqual({ memoryMb: 700, aloneMb: 700 });
  const { memoryMb, aloneMb } = evaluationMemory();
  expect(memoryMb).toBeGreaterThan(100);
  expect(aloneMb / memoryMb).toBeCloseTo(1.425, 1);
});
