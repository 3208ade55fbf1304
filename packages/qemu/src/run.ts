import { spawn } from "node:child_process";
import { hintFor, QemuError } from "./errors.js";

/** Where QEMU is where PATH does not say. */
const PATH = [process.env.PATH, "/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin"].filter(Boolean).join(":");

/**
 * Runs a program of QEMU's and returns its standard output.
 *
 * @throws QemuError with the command, its last lines and what to do
 */
export async function run(program: string, args: readonly string[], cwd = "/"): Promise<string> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, PATH, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const exitCode = await new Promise<number | string>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? missing(program)
          : new QemuError(`${program} cannot be started: ${error.message}.`),
      ),
    );
    child.once("close", (code, signal) => resolve(code ?? signal ?? "an unknown signal"));
  });
  if (exitCode === 0) return stdout;
  const said = stderr.trim() || stdout.trim();
  const lines = said
    .split("\n")
    .slice(-10)
    .map((line) => `    ${line}`);
  throw new QemuError(`${program} ended with ${exitCode}:\n${lines.join("\n")}${hintFor(said)}`);
}

function missing(program: string): QemuError {
  return new QemuError(
    `There is no ${program} on this computer. Install QEMU: \`apt install qemu-system-x86 qemu-utils\` on Debian and Ubuntu, \`nix profile install nixpkgs#qemu\` with Nix, \`brew install qemu\` on macOS.`,
  );
}
