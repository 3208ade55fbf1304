// `npm run test:faults` plays every row of docs/reliability.md on machines of this computer and sums up what came of
// it; `-- --repeat 3` plays each row three times.

import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { leftovers } from "./checks/leftovers.mjs";
import { runMain, SetupError } from "./setup/errors.mjs";
import { faultPrograms } from "./setup/fault-programs.mjs";
import { checkout, workDirectory } from "./setup/places.mjs";
import { duration, timed } from "./setup/report.mjs";
import { runInForeground } from "./setup/run.mjs";
import { setup } from "./setup/setup.mjs";

const start = performance.now();
const figuresFile = join(workDirectory, "faults.jsonl");

await runMain(async () => {
  const { repeat, filters } = readArguments(process.argv.slice(2));
  const env = await setup();
  const programs = await timed("set-up", "Fault programs", faultPrograms, ({ did }) => did);
  rmSync(figuresFile, { force: true });
  const program = join(checkout, "node_modules", "vitest", "vitest.mjs");
  const code = await runInForeground(
    process.execPath,
    [program, "run", "--config", "vitest.faults.config.ts", ...filters],
    {
      cwd: checkout,
      env: {
        ...env,
        FIRN_FAULTS_REPEAT: String(repeat),
        FIRN_FAULTS_FIGURES: figuresFile,
        FIRN_FAULTS_PROGRAMS: programs.directory,
      },
    },
  );
  const left = await leftovers(env);
  process.stdout.write(summary(readFigures(), repeat, code === 0 && left.failures.length === 0));
  return code === 0 && left.failures.length === 0 ? 0 : 1;
});

/** @param {readonly string[]} args */
function readArguments(args) {
  const at = args.indexOf("--repeat");
  const repeat = at < 0 ? 1 : Number(args[at + 1]);
  if (!Number.isInteger(repeat) || repeat < 1)
    throw new SetupError(
      "--repeat wants a number of repetitions, for example: npm run test:faults -- --repeat 3",
    );
  return { repeat, filters: at < 0 ? args : args.toSpliced(at, 2) };
}

/** @typedef {{ row: string, lost: boolean, falseRollback: boolean, secrets: number }} Figure */

/** @returns {Figure[]} */
function readFigures() {
  if (!existsSync(figuresFile)) return [];
  return readFileSync(figuresFile, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** @param {readonly Figure[]} figures @param {number} repeat @param {boolean} passed */
function summary(figures, repeat, passed) {
  const count = (/** @type {(figure: Figure) => boolean} */ counts) => figures.filter(counts).length;
  const lines = [
    ["rows", new Set(figures.map(({ row }) => row)).size],
    ["repetitions of each", repeat],
    ["rows played", figures.length],
    ["machines lost", count(({ lost }) => lost)],
    ["false rollbacks", count(({ falseRollback }) => falseRollback)],
    ["secrets found", figures.reduce((sum, { secrets }) => sum + secrets, 0)],
  ];
  const table = lines.map(([name, value]) => `  ${String(name).padEnd(22)}${String(value).padStart(5)}`);
  return `\nFault matrix: ${passed ? "passed" : "FAILED"} in ${duration(start).trim()} with set-up\n${table.join("\n")}\n`;
}
