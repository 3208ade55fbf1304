import { expect, test } from "vitest";
import { faultOfCheck, nameOf } from "./check.js";

test("a check that can be made has no fault", () => {
  for (const check of [
    { http: {} },
    { http: { url: "https://shop.example/", status: [200, 401] } },
    { tcp: { port: 22 }, retries: 0 },
    { command: ["true"], timeout: 0.5, interval: 0 },
    { units: ["nginx.service"] },
  ])
    expect(faultOfCheck(check)).toBeUndefined();
});

test.each([
  [{}, "it must have exactly one of http, tcp, command, units, and has none"],
  [{ http: {}, tcp: { port: 1 } }, "and has http and tcp"],
  [{ tcp: { port: 65_536 } }, "65536 is no port number"],
  [{ tcp: {} as never }, "tcp needs a port"],
  [{ http: { url: "shop.example" } }, '"shop.example" is no http or https URL'],
  [{ http: { path: "health" } }, 'the path "health" must begin with "/"'],
  [{ command: [] }, "command is empty"],
  [{ units: ["a.service"], retries: -1 }, "retries must be a number, 0 or more, and is -1"],
  [{ units: ["a.service"], timeout: 0 }, "timeout must be more than 0"],
])("%j is told wrong", (check, fault) => {
  expect(faultOfCheck(check)).toContain(fault);
});

test("a check without a name is called by what it does", () => {
  expect(nameOf({ name: "the shop", http: {} })).toBe("the shop");
  expect(nameOf({ http: { path: "/health" } })).toBe("http port 80 /health");
  expect(nameOf({ tcp: { port: 5432 } })).toBe("tcp port 5432");
  expect(nameOf({ command: ["pg_isready", "-q"] })).toBe("command pg_isready -q");
  expect(nameOf({ units: ["a.service", "b.timer"] })).toBe("units a.service b.timer");
});
