/**
 * One step of set-up. It finds what is there already, makes what is missing, and can be repeated at any time.
 *
 * @typedef {object} Step
 * @property {string} name second column of the report
 * @property {(note: import("./report.mjs").Note, path: readonly string[]) => Promise<StepResult>} run
 *   `path` is what earlier steps gave
 */

/**
 * @typedef {object} StepResult
 * @property {string} did what the step found or made, in a few words
 * @property {readonly string[]} [path] folders that child processes need first on PATH
 * @property {string} [nixConfig] lines of Nix configuration that child processes need
 */

export {};
