// `npm run quickstart` deploys the network in quickstart/ to machines on this computer and asks it for its page.
// `npm run quickstart -- --destroy` takes all of it away again.

import { fetchPage } from "./quickstart/page.mjs";
import { writeShellEnvironment } from "./quickstart/shell.mjs";
import {
  ensureState,
  isLockedByTheDead,
  project,
  removeState,
  state,
  withPassphrase,
} from "./quickstart/state.mjs";
import { environment } from "./setup/env.mjs";
import { runMain, SetupError } from "./setup/errors.mjs";
import { duration } from "./setup/report.mjs";
import { run, runInForeground } from "./setup/run.mjs";
import { setup } from "./setup/setup.mjs";

const start = performance.now();

await runMain(async () => {
  await setup();
  ensureState();
  const env = withPassphrase(environment({ state }));
  if (isLockedByTheDead()) await pulumi(["cancel", "--yes", "dev"], env);
  if (process.argv.includes("--destroy")) await destroy(env);
  else await deploy(env);
  process.stdout.write(`\nquickstart done in ${duration(start).trim()}\n`);
  return 0;
});

/** @param {Record<string, string>} env */
async function deploy(env) {
  await pulumi(["stack", "select", "--create", "--stack", "dev"], env);
  // After a restart of this computer the state knows machines that are gone: then look at them, otherwise trust it.
  const refresh = (await hasVanished(env)) ? ["--refresh"] : [];
  await pulumi(["preview", "--stack", "dev", ...refresh], env);
  await pulumi(["up", "--yes", "--skip-preview", "--stack", "dev", ...refresh], env);
  const url = await outputUrl(env);
  if (url === undefined) throw new SetupError("The program in quickstart/ exports no url.");
  process.stdout.write(`\n$ GET ${url}\n`);
  process.stdout.write(`${(await fetchPage(url, 60)).trimEnd()}\n`);
  process.stdout.write(`
Change quickstart/index.ts and run "npm run quickstart" again: only what changed is deployed.
Use Pulumi by hand:   cd quickstart && . ../${writeShellEnvironment(env)} && pulumi up
Take it away:         npm run quickstart -- --destroy
`);
}

/** @param {Record<string, string>} env */
async function destroy(env) {
  await pulumi(["stack", "select", "--create", "--stack", "dev"], env);
  await pulumi(["destroy", "--yes", "--skip-preview", "--remove", "--stack", "dev"], env);
  removeState();
}

/** @param {Record<string, string>} env */
async function hasVanished(env) {
  const url = await outputUrl(env);
  if (url === undefined) return false;
  return fetchPage(url, 2).then(
    () => false,
    () => true,
  );
}

/** @param {Record<string, string>} env @returns {Promise<string | undefined>} */
async function outputUrl(env) {
  const { code, stdout } = await run("pulumi", ["stack", "output", "url", "--stack", "dev"], {
    cwd: project,
    env,
  });
  return code === 0 ? stdout.trim() : undefined;
}

/** @param {readonly string[]} args @param {Record<string, string>} env */
async function pulumi(args, env) {
  const began = performance.now();
  process.stdout.write(`\n$ pulumi ${args.join(" ")}\n`);
  const code = await runInForeground("pulumi", args, { cwd: project, env });
  if (code !== 0)
    throw new SetupError(`"pulumi ${args.join(" ")}" failed (exit code ${code}); its output is above.`);
  process.stdout.write(`(${duration(began).trim()})\n`);
}
