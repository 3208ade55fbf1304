import { checkout } from "./places.mjs";
import { mustRun } from "./run.mjs";

/** What tests of encrypted links need on machines besides: WireGuard in user space, and firewalls that hold. */
const linkPackages = ["iptables", "nftables", "wireguard-go", "wireguard-tools"];

/** What a stand-in for a rescue system needs: programs that partition and format. */
const rescuePackages = ["dosfstools", "e2fsprogs", "fdisk", "mdadm", "xfsprogs"];

const what = "looking for the root file systems of local machines, or making them";
const script = `import { ensureImage } from "@firn/container/image"; await ensureImage(); for (const packages of ${JSON.stringify([linkPackages, rescuePackages])}) await ensureImage(undefined, packages);`;

/** Makes the root file systems that machines on this computer share. @type {import("./step.mjs").Step} */
export const image = {
  name: "Machine image",
  run: async (note) => {
    const start = performance.now();
    note(what);
    await mustRun(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: checkout,
      line: (line) => note(what, line),
      advice: "Check that the Debian mirror can be reached and that the disk has room, then run this again.",
    });
    return { did: performance.now() - start > 10_000 ? "made" : "found in cache" };
  },
};
