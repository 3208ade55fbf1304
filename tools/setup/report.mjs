const nameWidth = 18;
const resultWidth = 56;

/**
 * @callback Note says what is being done, where that takes long
 * @param {string} doing
 * @param {string} [detail] how far it is; a log gets it now and then
 * @returns {void}
 */

/**
 * Says on one line what a piece of work did and how long it took; while it takes long, says that it goes on.
 *
 * A terminal gets one line that counts seconds; a log gets a line when slow work starts and one every half minute.
 *
 * @template T
 * @param {string} phase first column, such as "set-up"
 * @param {string} name second column
 * @param {(note: Note) => Promise<T>} work
 * @param {(result: T) => string} describe third column
 * @param {import("node:tty").WriteStream} [out] where it is said
 * @returns {Promise<T>}
 */
export async function timed(phase, name, work, describe, out = process.stdout) {
  const interactive = out.isTTY === true;
  const label = `${phase.padEnd(8)}${name.padEnd(nameWidth)}`;
  const start = performance.now();
  let doing = "";
  let progress = "";
  const show = () => {
    const width = (out.columns ?? 120) - label.length - 12;
    const line = `${label}${`${doing} ${progress}`.trim().slice(0, width)} … ${duration(start).trim()}`;
    out.write(interactive ? `\r\x1b[K${line}` : `${line}\n`);
  };
  const timer = setInterval(show, interactive ? 500 : 30_000);
  const finish = (/** @type {string} */ text) => {
    clearInterval(timer);
    out.write(`${interactive ? "\r\x1b[K" : ""}${label}${text.padEnd(resultWidth)} ${duration(start)}\n`);
  };
  try {
    const result = await work((text, detail = "") => {
      if (text !== doing && !interactive) out.write(`${label}${text} …\n`);
      doing = text;
      progress = detail;
    });
    finish(describe(result));
    return result;
  } catch (error) {
    finish("failed");
    throw error;
  }
}

/**
 * The time since a start, aligned for a column.
 *
 * @param {number} start from `performance.now()`
 */
export function duration(start) {
  return `${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s`;
}
