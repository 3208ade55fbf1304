import { setTimeout as sleep } from "node:timers/promises";
import type { Host } from "../host.js";
import { type HealthCheck, kindOf, nameOf } from "./check.js";
import { checkCommand, checkUnits } from "./command.js";
import { HealthCheckError } from "./health-check-error.js";
import { checkHttp } from "./http.js";
import { checkTcp } from "./tcp.js";

interface Failure {
  readonly check: HealthCheck;
  readonly attempts: number;
  readonly seconds: number;
  readonly saw: string;
}

/**
 * Makes health checks side by side, each until it holds or its attempts are used up.
 *
 * @param host a connection to the machine, over which commands run and what is asked `from: "machine"` goes
 * @throws {@link HealthCheckError} that names every check that did not come good, with what it saw last;
 * {@link UnreachableError} when the connection is lost
 */
export async function runHealthChecks(
  host: Host,
  checks: readonly HealthCheck[],
  onProgress: (message: string) => void = () => {},
): Promise<void> {
  const results = await Promise.all(checks.map((check) => attempt(host, check, onProgress)));
  const failures = results.filter((result) => result !== undefined);
  if (failures.length === 0) return;
  const reason = `health check failed: ${failures.map(({ check }) => nameOf(check)).join(", ")}`;
  throw new HealthCheckError(failures.map(explain).join("\n  "), host.name, reason);
}

async function attempt(
  host: Host,
  check: HealthCheck,
  onProgress: (message: string) => void,
): Promise<Failure | undefined> {
  const { timeout = 10, interval = 2, retries = 5 } = check;
  const began = Date.now();
  for (let attempts = 1; ; attempts += 1) {
    const saw = await once(host, check, timeout * 1000);
    if (saw === undefined) return undefined;
    const seconds = Math.round((Date.now() - began) / 1000);
    if (attempts > retries) return { check, attempts, seconds, saw };
    onProgress(
      `health check ${nameOf(check)}, attempt ${attempts} of ${retries + 1}: ${saw.split("\n", 1)[0]}`,
    );
    await sleep(interval * 1000);
  }
}

/** What was seen instead of what a check expects; undefined when it holds. */
function once(host: Host, check: HealthCheck, timeoutMs: number): Promise<string | undefined> {
  switch (kindOf(check)) {
    case "http":
      return checkHttp(host, check.http ?? {}, timeoutMs);
    case "tcp":
      return checkTcp(host, check.tcp ?? { port: 0 }, timeoutMs);
    case "command":
      return checkCommand(host, check.command ?? [], timeoutMs);
    default:
      return checkUnits(host, check.units ?? [], timeoutMs);
  }
}

function explain({ check, attempts, seconds, saw }: Failure): string {
  const tries = attempts === 1 ? "" : ` after ${attempts} attempts in ${seconds} s`;
  return `health check "${nameOf(check)}" failed${tries}: ${saw}`;
}
