import { runProcess } from "@firn/host";
import { hintFor, QemuError } from "./errors.js";

/** Where QEMU is where PATH does not say. */
const PATH = [process.env.PATH, "/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin"].filter(Boolean).join(":");

/**
 * Runs a program of QEMU's and returns its standard output.
 *
 * @throws QemuError with the command, its last lines and what to do
 */
export async function run(program: string, args: readonly string[], cwd = "/"): Promise<string> {
  const env = { ...process.env, PATH, LC_ALL: "C" };
  const { stdout, stderr, exitCode, signal } = await runProcess(program, args, { cwd, env }).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === "ENOENT"
        ? missing(program)
        : new QemuError(`${program} cannot be started: ${error.message}.`);
    },
  );
  if (exitCode === 0) return stdout;
  const said = stderr.trim() || stdout.trim();
  const lines = said
    .split("\n")
    .slice(-10)
    .map((line) => `    ${line}`);
  throw new QemuError(`${program} ended with ${signal ?? exitCode}:\n${lines.join("\n")}${hintFor(said)}`);
}

function missing(program: string): QemuError {
  return new QemuError(
    `There is no ${program} on this computer. Install QEMU: \`apt install qemu-system-x86 qemu-utils\` on Debian and Ubuntu, \`nix profile install nixpkgs#qemu\` with Nix, \`brew install qemu\` on macOS.`,
  );
}
