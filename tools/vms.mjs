// `npm run test:vms` deploys to virtual machines that QEMU computes: boot loaders, initial ramdisks, kernels and reboots are
// real there, and take minutes. `npm run test:vms -- <filter>` takes only the files whose names match.

import { join } from "node:path";
import { leftovers } from "./checks/leftovers.mjs";
import { runMain } from "./setup/errors.mjs";
import { libvirt } from "./setup/libvirt.mjs";
import { checkout } from "./setup/places.mjs";
import { timed } from "./setup/report.mjs";
import { runInForeground } from "./setup/run.mjs";
import { setup } from "./setup/setup.mjs";
import { virtualMachines } from "./setup/virtual-machines/virtual-machines.mjs";

await runMain(async () => {
  const env = await setup();
  await timed("set-up", "libvirt", libvirt, ({ did }) => did);
  await timed("set-up", "Virtual machines", virtualMachines, ({ did }) => did);
  const program = join(checkout, "node_modules", "vitest", "vitest.mjs");
  const code = await runInForeground(
    process.execPath,
    [program, "run", "--config", "vitest.vms.config.ts", ...process.argv.slice(2)],
    { cwd: checkout, env },
  );
  const left = await leftovers(env);
  return code === 0 && left.failures.length === 0 ? 0 : 1;
});
