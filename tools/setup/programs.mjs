import { aptInstall } from "./apt.mjs";
import { SetupError } from "./errors.mjs";
import { onPath } from "./places.mjs";
import { run } from "./run.mjs";

/** What machines on this computer are made and reached with: program and its Debian package. */
const needed = {
  ip: "iproute2",
  mmdebstrap: "mmdebstrap",
  nsenter: "util-linux",
  nft: "nftables",
  ssh: "openssh-client",
  tcpdump: "tcpdump",
  unshare: "util-linux",
  wg: "wireguard-tools",
};

/** Checks that machines can be made on this computer. @type {import("./step.mjs").Step} */
export const programs = {
  name: "Programs",
  run: async (note) => {
    const missing = Object.entries(needed).filter(([program]) => !onPath(program));
    const packages = [...new Set(missing.map(([, debianPackage]) => debianPackage))];
    if (packages.length > 0) await aptInstall(packages, note);
    await checkNamespaces();
    return { did: packages.length > 0 ? `installed ${packages.join(", ")}` : "found on PATH" };
  },
};

async function checkNamespaces() {
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      "Machines on this computer are made of Linux namespaces, which needs root: run this as root.",
    );
  }
  const kinds = ["--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup", "--fork"];
  const { code, output } = await run("unshare", [...kinds, "true"]);
  if (code !== 0) {
    throw new SetupError(
      `This computer does not let root make Linux namespaces (${output.trim()}): use a virtual machine, or a container with more rights.`,
    );
  }
}
