import { expect } from "vitest";
import type { Row } from "./fault.js";
import type { Outcome } from "./outcome.js";

/** What must be true of every row, whatever happened in it. */
export function judge(row: Row, outcome: Outcome): void {
  const { facts, old, version, told, converged, following } = outcome;
  const expected = { version: row.ends === "new" ? version : old.version, differs: [] };

  // It is reachable by its pinned key, and runs either system wholly.
  expect.soft(facts, "what the machine runs after the fault").toMatchObject(expected);
  if (facts instanceof Error) return;

  // What the user is told is true.
  if (!row.told) expect.soft(told, "said about a machine that was deployed").toBe("");
  for (const pattern of row.told ?? []) expect.soft(told, "said about the machine").toMatch(pattern);
  if (row.told && !row.general) expect.soft(told).toContain(`machine "${row.machine}", phase `);
  if (row.warned) expect.soft(outcome.warned).toMatch(row.warned);
  else expect.soft(outcome.warned, "warned of without a reason").toBe("");
  if (row.untrue) expect.soft(told, "untrue of this fault").not.toMatch(row.untrue);
  for (const [, claimed] of told.matchAll(/\bruns (\/nix\/store\/\S+)/g))
    expect.soft(claimed?.replace(/[.:]$/, ""), "what the machine is said to run").toBe(facts.system);
  expect.soft(told, "a person does not read stacks").not.toMatch(/\n\s+at .*\.[jt]s:\d+/);
  if (outcome.recorded)
    expect.soft(outcome.recorded, "what the stack has for the machine").toBe(facts.system);

  // The run that follows, with the cause removed, converges.
  expect.soft(following.exitCode, following.output).toBe(0);
  expect
    .soft(converged, "what the machine runs after the next run")
    .toMatchObject({ version, absentKeys: 0, differs: [] });

  expect.soft(outcome.touched, "what else has changed").toEqual([]);
  expect.soft(outcome.invalid, "what is wrong with the stack's state").toBeUndefined();
  expect.soft(outcome.secrets, "where secrets were found").toEqual([]);
}
