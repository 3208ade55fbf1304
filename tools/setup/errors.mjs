/** Something that set-up needs and cannot make: the message alone is for people and says what to do. */
export class SetupError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "SetupError";
  }
}

/**
 * Runs a command-line program's main function: a `SetupError` is shown as its message, anything else with its stack,
 * and both end in exit code 1.
 *
 * @param {() => Promise<number>} main returns the exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    const text = error instanceof SetupError ? error.message : error instanceof Error ? error.stack : error;
    process.stderr.write(`\n${text}\n`);
    process.exitCode = 1;
  }
}
