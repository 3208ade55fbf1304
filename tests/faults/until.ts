import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something is true, looking often. @throws when it is not in that time */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  seconds = 90,
): Promise<void> {
  const start = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - start > seconds * 1000)
      throw new Error(`it did not happen in ${seconds} s that ${what}`);
    await sleep(30);
  }
}
