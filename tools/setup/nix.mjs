import { existsSync } from "node:fs";
import { aptInstall } from "./apt.mjs";
import { SetupError } from "./errors.mjs";
import { onPath } from "./places.mjs";
import { mustRun } from "./run.mjs";
import { atLeast } from "./versions.mjs";

const minimum = "2.8";
const advice = "Repair or reinstall Nix, then run this again.";

/** Finds Nix or installs it. @type {import("./step.mjs").Step} */
export const nix = {
  name: "Nix",
  run: async (note) => {
    const found = onPath("nix");
    if (!found) await aptInstall(["nix-bin"], note);
    const version = (await mustRun("nix", ["--version"], { advice })).trim();
    if (!atLeast(version, minimum)) {
      throw new SetupError(
        `Nix ${minimum} or newer is needed, and ${onPath("nix")} is "${version}": install a newer one and run this again.`,
      );
    }
    return {
      did: `${found ? "found on PATH" : "installed with apt-get"} (${version})`,
      nixConfig: configuration(),
    };
  },
};

/**
 * What Firn's own runs need of Nix, given to child processes alone: nothing of the machine's configuration is written.
 * Everything is built here from what is in the checkout, so no cache is asked.
 */
function configuration() {
  const lines = ["extra-experimental-features = nix-command flakes", "substituters ="];
  const daemon = existsSync("/nix/var/nix/daemon-socket/socket");
  if (!daemon && process.getuid?.() === 0)
    lines.push("build-users-group =", "sandbox = true", "sandbox-paths =");
  return lines.join("\n");
}
