// `npm run bench -- [machines …]`, `npm run bench:copy -- [runs]` and `npm run bench:eval -- [machines …]`: one JSON document on standard output,
// progress on standard error.

import { join } from "node:path";
import { runMain, SetupError } from "./setup/errors.mjs";
import { checkout } from "./setup/places.mjs";
import { runInForeground } from "./setup/run.mjs";
import { setup } from "./setup/setup.mjs";

const containers = join(checkout, ".firn", "tests", "containers");

await runMain(async () => {
  const wrong = process.argv.slice(3).find((argument) => !/^[1-9]\d*$/.test(argument));
  if (wrong !== undefined)
    throw new SetupError(
      `"${wrong}" is no number of machines or runs, for example: npm run bench:eval -- 20`,
    );
  const env = { ...(await setup({ out: process.stderr })), FIRN_CONTAINER_STATE: containers };
  const args = ["--import", "tsx", "tests/bench/main.ts", ...process.argv.slice(2)];
  return runInForeground(process.execPath, args, { cwd: checkout, env });
});
