import { spawn } from "node:child_process";
import { NixCommandError, NixMemoryError, NixMissingError } from "./errors.js";
import { watchMemory } from "./memory.js";

export interface NixRunOptions {
  readonly cwd?: string;
  readonly input?: string;
  /** Called for every line on standard error while the command runs. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** The command is ended when it holds more memory than this, in MB. Watched on Linux only. */
  readonly maxMemoryMb?: number | undefined;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether `nix-command` and `flakes` are switched on, whatever the user's nix.conf says. Default true. */
  readonly features?: boolean;
}

export interface NixRunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

const FEATURES = ["--extra-experimental-features", "nix-command flakes"];

/** A Pulumi program has the stack's secrets in its environment; neither Nix nor what it starts needs them. */
function withoutPulumi(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("PULUMI_")));
}

/**
 * Runs one of Nix's commands (`nix`, `nix-instantiate`, `nix-store`, …) with an argument array.
 *
 * @throws {@link NixMissingError} when the command is not on PATH. A non-zero exit code is returned, not thrown.
 */
export function runNix(
  command: string,
  args: readonly string[],
  options: NixRunOptions = {},
): Promise<NixRunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, ...(options.features === false ? [] : FEATURES)], {
      cwd: options.cwd,
      env: { ...withoutPulumi(process.env), ...options.env },
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let partial = "";
    const watch = watchMemory(child, options.maxMemoryMb);
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr.push(chunk);
      if (!options.onLine) return;
      const lines = (partial + chunk.toString("utf8")).split("\n");
      partial = lines.pop() ?? "";
      for (const line of lines) options.onLine(line);
    });
    child.stdin?.on("error", () => {}); // a command that ends early closes its input; its exit code tells why
    child.stdin?.end(options.input);
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ENOENT"
          ? new NixMissingError(
              `Nix is missing: \`${command}\` is not on PATH. Install Nix 2.8 or newer (https://nixos.org/download) and run again.`,
            )
          : new NixCommandError(`\`${command}\` could not be started: ${error.message}`),
      );
    });
    child.on("close", (code, signal) => {
      if (watch.stop() === "exceeded") {
        reject(new NixMemoryError(`\`${command}\` took more than ${options.maxMemoryMb} MB of memory`));
        return;
      }
      resolve({
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr:
          Buffer.concat(stderr).toString("utf8") + (signal ? `\n${command} was ended by ${signal}` : ""),
        exitCode: code ?? 1,
      });
    });
  });
}
