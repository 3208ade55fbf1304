import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks for a page until it is there.
 *
 * @param {string} url
 * @param {number} patience seconds
 * @returns {Promise<string>} the body
 * @throws with the last problem when the time is over
 */
export async function fetchPage(url, patience) {
  const end = Date.now() + patience * 1000;
  for (;;) {
    const problem = await attempt(url).then(
      (body) => ({ body }),
      (error) => ({ error }),
    );
    if ("body" in problem) return problem.body;
    if (Date.now() > end)
      throw new Error(`${url} did not answer within ${patience} s: ${problem.error.message}`);
    await sleep(250);
  }
}

/** @param {string} url */
async function attempt(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  const body = await response.text();
  if (!response.ok) throw new Error(`HTTP ${response.status} ${body.slice(0, 200)}`);
  return body;
}
