import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sshAnswers } from "@firn/host";
import { ContainerError } from "./errors.js";
import { type ContainerRecord, placesOf } from "./record.js";
import type { Site } from "./site.js";
import { lastWords } from "./supervisor.js";

const TIMEOUT_MS = 120_000;
const GREETING_MS = 500;

/**
 * Waits until a machine's sshd greets.
 *
 * @throws ContainerError with the machine's last words when it ends before, or takes longer than two minutes
 */
export async function waitForSsh(site: Site, record: ContainerRecord): Promise<void> {
  const places = placesOf(site, record.id);
  const start = performance.now();
  while (performance.now() - start < TIMEOUT_MS) {
    // Connecting before there is anyone to answer would make the kernel wait a second before it asks again.
    if (existsSync(places.bootId) && (await sshAnswers(record.address, 22, GREETING_MS))) return;
    if (existsSync(places.ended))
      throw new ContainerError(
        `The machine ${record.hostname} ended while it was starting.${await lastWords(site, record.id)}`,
      );
    await sleep(50);
  }
  throw new ContainerError(
    `The machine ${record.hostname} runs, but no ssh server answered at ${record.address} port 22 within ${TIMEOUT_MS / 1000} s.${await lastWords(site, record.id)}`,
  );
}
