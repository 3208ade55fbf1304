import { spawn } from "node:child_process";
import { find } from "./sdk.mjs";
import { splitWords } from "./words.mjs";

/** The program's exit code for "an error was already shown to the user". */
const bailExitCode = 32;

/**
 * @typedef {object} ProgramRequest what the engine's `Run` call says about the program
 * @property {string} monitor address of the resource monitor
 * @property {string} engine address of the engine
 * @property {string} organization
 * @property {string} project
 * @property {string} stack
 * @property {string} rootDirectory folder of Pulumi.yaml
 * @property {string} programDirectory
 * @property {string} pwd
 * @property {string} entryPoint relative to the program's folder
 * @property {boolean} dryRun
 * @property {number} parallel
 * @property {readonly string[]} args
 * @property {Record<string, string>} config values by `namespace:name`
 * @property {readonly string[]} secretKeys
 * @property {{ nodeargs?: string, typescript?: boolean, tsconfig?: string }} options of `runtime` in Pulumi.yaml
 */

/**
 * Runs a Pulumi program to its end; its output goes where this process' output goes, which the engine shows.
 *
 * The child stays in this process' group, so the engine's interrupt and kill reach it as well.
 *
 * @param {ProgramRequest} request
 * @param {(child: import("node:child_process").ChildProcess) => void} started
 * @returns {Promise<{ error?: string, bail?: boolean }>}
 */
export function runProgram(request, started) {
  const runner = find("@pulumi/pulumi/cmd/run", [request.programDirectory, request.pwd]);
  if (runner === undefined) {
    const error = `@pulumi/pulumi is not installed for the program in ${request.programDirectory}: run "npm install" there`;
    return Promise.resolve({ error });
  }
  const nodeArguments = splitWords(request.options.nodeargs ?? "");
  const child = spawn(process.execPath, [...nodeArguments, runner, ...programArguments(request)], {
    cwd: request.pwd,
    env: { ...process.env, ...programEnvironment(request) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  started(child);
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ error: `Node did not start: ${error.message}` }));
    child.once("exit", (code, signal) => resolve(outcome(code, signal)));
  });
}

/** @param {ProgramRequest} request */
function programArguments(request) {
  return [
    ["--monitor", request.monitor],
    ["--engine", request.engine],
    ["--organization", request.organization],
    ["--project", request.project],
    ["--root-directory", request.rootDirectory],
    ["--stack", request.stack],
    ["--pwd", request.pwd],
    request.dryRun ? ["--dry-run"] : [],
    ["--parallel", String(request.parallel)],
    [request.entryPoint || ".", ...request.args],
  ].flat();
}

/** @param {ProgramRequest} request */
function programEnvironment(request) {
  return {
    PULUMI_CONFIG: JSON.stringify(request.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.secretKeys),
    ...(request.options.typescript === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(request.options.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: request.options.tsconfig } : {}),
  };
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function outcome(code, signal) {
  if (code === 0) return {};
  if (code === bailExitCode) return { bail: true };
  if (signal !== null) return { error: `Program was ended by ${signal}` };
  return { error: `Program exited with non-zero exit code: ${code}` };
}
