import { expect, test } from "vitest";
import { faultOfPolicy, policyLines } from "./failed-units.js";

test("the most specific pattern comes first, whatever the order that it was written in", () => {
  expect(policyLines()).toBe("fail *");
  expect(policyLines("warn")).toBe("warn *");
  expect(
    policyLines({
      "*": "warn",
      "backup-*": "ignore",
      "nginx.service": "fail",
      "backup-db-*.service": "fail",
    }),
  ).toBe("fail nginx.service\nfail backup-db-*.service\nignore backup-*\nwarn *");
  expect(policyLines({ "getty@?.service": "ignore" })).toBe("ignore getty@?.service\nfail *");
});

test("what is no policy is named", () => {
  expect(faultOfPolicy({ "a*.service": "warn", "b@[12].service": "ignore" })).toBeUndefined();
  expect(faultOfPolicy("never")).toBe('"never" is none of fail, warn, ignore');
  expect(faultOfPolicy({ "a b": "warn" })).toBe('"a b" is no unit name or pattern');
  expect(faultOfPolicy({ "a.service": "no" })).toContain('"a.service" is "no"');
  expect(faultOfPolicy(["fail"])).toContain("neither");
});
