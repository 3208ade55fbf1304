import { expect, test } from "vitest";
import { parseReport } from "./report.js";

test("what the machine reports is read, whatever else is said beside it", () => {
  const text = `Warning: something
firn:result=known
firn:id=0011
firn:phase=finished
firn:outcome=rolled-back
firn:reason=units failed: a.service b.service
firn:toplevel=/nix/store/x-new
firn:goal=switch
firn:owner=alice = admin@laptop
firn:since=2026-11-24T03:13:00Z
firn:testExit=4
firn:failedUnits=a.service b.service
firn:alive=no
`;
  expect(parseReport(text)).toEqual({
    id: "0011",
    phase: "finished",
    outcome: "rolled-back",
    reason: "units failed: a.service b.service",
    toplevel: "/nix/store/x-new",
    previous: undefined,
    goal: "switch",
    owner: "alice = admin@laptop",
    since: "2026-11-24T03:13:00Z",
    alive: false,
    testExit: 4,
    confirmed: false,
    rollbackExit: undefined,
    defaultLost: false,
    failedUnits: ["a.service", "b.service"],
    bootDefault: undefined,
    reboot: false,
    fallback: undefined,
  });
  expect(parseReport("firn:result=unknown\n")).toBeUndefined();
});
