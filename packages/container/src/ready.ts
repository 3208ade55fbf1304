import { access } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { isPopulated } from "./cgroup.js";
import { ContainerError } from "./errors.js";
import { type ContainerRecord, placesOf } from "./record.js";
import type { Site } from "./site.js";
import { lastWords } from "./supervisor.js";

const TIMEOUT_MS = 120_000;

/**
 * Waits until a machine's sshd greets.
 *
 * @throws ContainerError with the machine's last words when it ends before, or takes longer than two minutes
 */
export async function waitForSsh(site: Site, record: ContainerRecord): Promise<void> {
  const places = placesOf(site, record.id);
  const deadline = Date.now() + TIMEOUT_MS;
  let interfaceIsUp = false;
  let started = false;
  while (Date.now() < deadline) {
    // Connecting before there is anyone to answer would make the kernel wait a second before it asks again.
    interfaceIsUp ||= await access(places.bootId).then(
      () => true,
      () => false,
    );
    if (interfaceIsUp && (await greets(record.address))) return;
    const alive = await isPopulated(places.cgroup);
    if (started && !alive)
      throw new ContainerError(
        `The machine ${record.hostname} ended while it was starting.${await lastWords(site, record.id)}`,
      );
    started ||= alive;
    await sleep(50);
  }
  throw new ContainerError(
    `The machine ${record.hostname} runs, but no ssh server answered at ${record.address} port 22 within ${TIMEOUT_MS / 1000} s.${await lastWords(site, record.id)}`,
  );
}

/** Whether an ssh server answers at an address, within half a second. */
function greets(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22 });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(500, () => end(false));
    socket.once("error", () => end(false));
    socket.once("data", (data) => end(data.toString("latin1").startsWith("SSH-")));
    socket.once("end", () => end(false));
  });
}
