import { spawn } from "node:child_process";
import { SetupError } from "./errors.mjs";

/**
 * @typedef {object} Finished
 * @property {number} code exit code; 127 where the program does not exist, 128 where a signal ended it
 * @property {string} stdout
 * @property {string} output standard output and error as they came
 */

/**
 * Runs a program to its end and keeps what it prints.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, line?: (line: string) => void }} [options] `line` gets each line as it comes
 * @returns {Promise<Finished>} never rejects
 */
export function run(program, args, { cwd, env, line } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let output = "";
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk;
      const last = chunk.toString().trim().split("\n").at(-1);
      if (last) line?.(last);
    };
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      collect(chunk);
    });
    child.stderr.on("data", collect);
    child.once("error", (error) => resolve({ code: 127, stdout, output: `${program}: ${error.message}` }));
    child.once("close", (code) => resolve({ code: code ?? 128, stdout, output }));
  });
}

/**
 * Runs a program that must succeed.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, line?: (line: string) => void, advice: string }} options
 *   `advice` says what to do when it fails
 * @returns {Promise<string>} its standard output
 * @throws {SetupError} with the command, its last lines and the advice
 */
export async function mustRun(program, args, options) {
  const { code, stdout, output } = await run(program, args, options);
  if (code === 0) return stdout;
  const command = [program, ...args].join(" ");
  const excerpt = shorten(output.trimEnd().split("\n")).join("\n  ");
  throw new SetupError(`"${command}" failed (exit code ${code}):\n  ${excerpt}\n${options.advice}`);
}

/** The start and the end of a long output: some programs say first what is wrong, others last. @param {string[]} lines */
function shorten(lines) {
  return lines.length <= 30 ? lines : [...lines.slice(0, 12), "…", ...lines.slice(-15)];
}

/**
 * Runs a program in the foreground: the terminal is its own, and an interrupt goes to it alone, so that it can end in order.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} exit code
 */
export function runInForeground(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: "inherit" });
    const waitForChild = () => {};
    const endChild = () => child.kill("SIGTERM");
    process.on("SIGINT", waitForChild);
    process.on("SIGTERM", endChild);
    const done = (/** @type {number} */ code) => {
      process.off("SIGINT", waitForChild);
      process.off("SIGTERM", endChild);
      resolve(code);
    };
    child.once("error", (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      done(127);
    });
    child.once("close", (code) => done(code ?? 128));
  });
}
