import { expect, test } from "vitest";
import { robotError } from "./errors.js";

const said = (status: number, error?: object) =>
  robotError(
    "asking for server 321",
    status,
    error === undefined ? "<html>" : JSON.stringify({ error: { status, ...error } }),
  ).message;

test("each error of the web service says what was asked, why it failed and what to do", () => {
  expect(said(401, { code: "UNAUTHORIZED", message: "Unauthorized" })).toBe(
    "Hetzner Robot, asking for server 321: user or password are wrong. The web service has a user of its own (Robot, Settings, Web service and app settings); after three attempts it lets this computer's address wait for ten minutes.",
  );
  expect(
    said(403, {
      code: "RATE_LIMIT_EXCEEDED",
      message: "rate limit exceeded",
      max_request: 200,
      interval: 3600,
    }),
  ).toBe(
    "Hetzner Robot, asking for server 321: 200 requests of this kind in 3600 s are used up: wait that long, and run again.",
  );
  expect(said(404, { code: "SERVER_NOT_FOUND", message: "Server not found" })).toMatch(
    /^Hetzner Robot, asking for server 321: Server not found \(SERVER_NOT_FOUND, HTTP 404\): there is no server with this number in the account/,
  );
  expect(
    said(409, { code: "BOOT_ALREADY_ENABLED", message: "There is already an active boot configuration" }),
  ).toMatch(/another installation waits for the server's next boot: take it back on the server's page/);
  expect(said(409, { code: "CONFLICT", message: "conflict" })).toContain("run again in a minute");
  expect(
    said(400, {
      code: "INVALID_INPUT",
      message: "invalid input",
      missing: ["os"],
      invalid: ["authorized_key"],
    }),
  ).toBe("Hetzner Robot, asking for server 321: it does not take this: missing os; invalid authorized_key.");
  expect(said(503)).toContain("down for maintenance");
  expect(said(500)).toBe("Hetzner Robot, asking for server 321: HTTP 500.");
  expect(
    robotError("x", 500, JSON.stringify({ error: { code: "RESET_FAILED", message: "failed" } })),
  ).toMatchObject({
    status: 500,
    code: "RESET_FAILED",
  });
});
