import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Host } from "../host.js";
import { localHost } from "../local.js";
import type { HealthCheck } from "./check.js";
import { runHealthChecks } from "./run-checks.js";

/** Checks against a server of this computer, which plays the machine. */
const host: Host = { ...localHost(), name: "web", address: "127.0.0.1" };
const requests: string[] = [];
let answers: (() => { status: number; body: string })[] = [];
let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(`${request.headers.host} ${request.url}`);
    const { status, body } = answers.shift()?.() ?? { status: 200, body: "well" };
    if (body === "hang") return;
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const run = (check: HealthCheck, onProgress?: (message: string) => void) =>
  runHealthChecks(host, [{ retries: 0, interval: 0.01, ...check }], onProgress);
const failure = (check: HealthCheck) =>
  run(check).then(
    () => "held",
    (error: Error) => error.message,
  );

test.each(["deployer", "machine"] as const)("status, text and headers, asked from the %s", async (from) => {
  await run({ http: { port, path: "/a?b=c", from, body: "well", headers: { Host: "shop.example" } } });
  expect(requests.pop()).toBe("shop.example /a?b=c");
  answers = [() => ({ status: 401, body: "" })];
  await run({ http: { port, from, status: [200, 401] } });
  answers = [() => ({ status: 301, body: "elsewhere" })];
  expect(await failure({ http: { port, from } })).toMatch(
    /health check "http port \d+ \/" failed: http:\/\/\S+\/ answered with status 301, expected 200 to 299\n {4}elsewhere/,
  );
  expect(await failure({ http: { port, from, body: "ill" } })).toContain('answered without "ill":\n    well');
});

test("it is tried again until it holds, and what was seen is told meanwhile", async () => {
  const lines: string[] = [];
  answers = [() => ({ status: 503, body: "starting" }), () => ({ status: 503, body: "starting" })];
  await run({ http: { port }, retries: 5 }, (line) => lines.push(line));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^health check http port \d+ \/, attempt 1 of 6: .* status 503/);
});

test("attempts that are used up are counted", async () => {
  answers = Array.from({ length: 3 }, () => () => ({ status: 500, body: "" }));
  expect(await failure({ http: { port }, retries: 2 })).toContain("failed after 3 attempts in 0 s");
});

test("what takes too long is ended", async () => {
  answers = [() => ({ status: 200, body: "hang" })];
  expect(await failure({ http: { port }, timeout: 0.2 })).toContain("no answer within 0.2 s");
  expect(await failure({ command: ["sleep", "5"], timeout: 0.2 })).toContain("no answer within 0.2 s");
});

test.each(["deployer", "machine"] as const)(
  "a port that lets in, and one that does not, from the %s",
  async (from) => {
    await run({ tcp: { port, from } });
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const free = (closed.address() as AddressInfo).port;
    await new Promise((resolve) => closed.close(resolve));
    expect((await failure({ tcp: { port: free, from } })).toLowerCase()).toContain(
      `port ${free}: connection refused`,
    );
  },
);

test("several that fail are told together, each with what it saw", async () => {
  const checks: HealthCheck[] = [
    { name: "one", command: ["sh", "-c", "echo the disk is slow >&2; exit 3"], retries: 0 },
    { name: "two", command: ["true"] },
    { name: "three", command: ["false"], retries: 0 },
  ];
  const error = await runHealthChecks(host, checks).catch((e) => e);
  expect(error.reason).toBe("health check failed: one, three");
  expect(error.message).toBe(
    'health check "one" failed: exit code 3\n    the disk is slow\n  health check "three" failed: exit code 1',
  );
});
