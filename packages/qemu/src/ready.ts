import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { sshAnswers } from "@firn/host";
import { accelerator } from "./accelerator.js";
import { QemuError } from "./errors.js";
import { linesOfConsole, tailOfConsole } from "./guest/console.js";
import { isRunning } from "./machine.js";
import { placesOf, type QemuRecord } from "./site.js";

/** A machine on hardware is there in seconds; one that is computed takes its time, and its computer may be busy. */
const TIMEOUT_S = { kvm: 120, hvf: 120, tcg: 600 };

/** How long a greeting may take: QEMU opens connections before there is anyone to greet. */
const GREETING_MS = 3_000;

/**
 * Waits until a machine's sshd greets.
 *
 * @throws QemuError with the last lines of its console when it ends before, or takes too long
 */
export async function waitForSsh(record: QemuRecord): Promise<void> {
  const { port } = placesOf(record.id);
  const number = Number(await readFile(port, "utf8"));
  const seconds = TIMEOUT_S[await accelerator()];
  const fail = async (what: string) => {
    const tail = tailOfConsole(await consoleOf(record.id));
    const said =
      tail === ""
        ? "\nIts console is empty: the image may not boot by BIOS."
        : `\nIts console's last lines:\n${tail}`;
    throw new QemuError(`The machine ${record.hostname} ${what}.${said}`);
  };
  for (const begin = performance.now(); performance.now() - begin < seconds * 1000; await sleep(200)) {
    if (await sshAnswers("127.0.0.1", number, GREETING_MS)) return;
    if (!(await isRunning(record.id))) await fail("switched itself off while it was starting");
  }
  await fail(`runs, but its ssh server did not answer within ${seconds} s`);
}

/** The last lines that a machine wrote to its serial port since it was switched on. */
export async function lastOfConsole({ id }: { readonly id: string }): Promise<string[]> {
  return linesOfConsole(await consoleOf(id));
}

function consoleOf(id: string): Promise<string> {
  return readFile(placesOf(id).console, "utf8").catch(() => "");
}

/** The wanted port of this computer where it is free, or any free one. */
export async function freePort(wanted: number): Promise<number> {
  return (await listen(wanted)) ?? (await listen(0)) ?? 0;
}

function listen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
