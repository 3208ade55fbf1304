// `npm test` runs everything; `npm test -- <filter>` only the tests whose file names match;
// `npm test -- --node 22` and `npm test -- --nix sid` only what is tested with that Node, or that Debian suite's Nix.

import { closing, sum } from "./checks/counts.mjs";
import { leftovers } from "./checks/leftovers.mjs";
import { newestNix, testWithNix } from "./checks/newest-nix.mjs";
import { nodeDirectory, otherNode, testWithNode } from "./checks/other-node.mjs";
import { staticChecks } from "./checks/static.mjs";
import { vitest } from "./checks/vitest.mjs";
import { runMain } from "./setup/errors.mjs";
import { libvirt } from "./setup/libvirt.mjs";
import { moto } from "./setup/moto.mjs";
import { duration, timed } from "./setup/report.mjs";
import { setup } from "./setup/setup.mjs";

const start = performance.now();

await runMain(async () => {
  const ready = await setup();
  const { program } = await timed("set-up", "moto", moto, ({ did }) => did);
  await timed("set-up", "libvirt", libvirt, ({ did }) => did);
  // Tests of clouds run their programs with it: more of Firn meets both, and the newer one keeps what it has compiled.
  const FIRN_OTHER_NODE = await nodeDirectory(otherNode);
  const env = { ...ready, FIRN_MOTO_PYTHON: program, FIRN_OTHER_NODE };
  const counts = sum(await runParts(process.argv.slice(2), env));
  process.stdout.write(`\nTests took ${duration(start).trim()} with set-up.\n`);
  process.stdout.write(closing(counts));
  return counts.failures.length === 0 && counts.passed > 0 ? 0 : 1;
});

/** @param {readonly string[]} args @param {Record<string, string>} env */
async function runParts(args, env) {
  if (args[0] === "--node") return [await testWithNode(args[1] ?? otherNode, env), await leftovers(env)];
  if (args[0] === "--nix") return [await testWithNix(args[1] ?? newestNix, env), await leftovers(env)];
  if (args.length > 0) return [await vitest(process.execPath, args, env), await leftovers(env)];
  return [
    await staticChecks(env),
    await vitest(process.execPath, [], env),
    await testWithNode(otherNode, env),
    await testWithNix(newestNix, env),
    await leftovers(env),
  ];
}
