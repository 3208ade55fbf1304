import { runProcess } from "@firn/host";
import { ContainerError } from "./errors.js";

/** Environment of every program that is run here: nothing of the user's, and the directories where Linux keeps `ip`. */
export const PROGRAM_ENVIRONMENT = {
  PATH: [process.env.PATH, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    .filter(Boolean)
    .join(":"),
  LC_ALL: "C",
};

export interface RunOptions {
  /** Written to standard input, which is empty otherwise. */
  readonly input?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each line of standard error as it comes. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a program and returns its standard output.
 *
 * @throws ContainerError with the command and its last lines when it cannot be started or exits with another code than 0
 */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { stdout, stderr, exitCode, signal } = await runProcess(program, args, {
    env: { ...PROGRAM_ENVIRONMENT, ...options.env },
    ...(options.input === undefined ? {} : { input: options.input }),
    onLine: (line, stream) => {
      if (stream === "stderr" && line.trim()) options.onLine?.(line);
    },
  }).catch((error) => {
    throw new ContainerError(`\`${program}\` cannot be started: ${error.message}.`);
  });
  if (exitCode === 0) return stdout;
  const said = lastLines(stderr.trim() === "" ? stdout : stderr, 10);
  throw new ContainerError(
    `\`${[program, ...args].join(" ")}\` ended with ${signal ?? exitCode}${said && `:\n${said}`}`,
  );
}

/** Runs a program inside of a machine, whose PID 1 has this number here; also where only NixOS has put programs. */
export function runInside(pid: number, command: readonly string[]): Promise<string> {
  const env = { PATH: `/run/current-system/sw/bin:${PROGRAM_ENVIRONMENT.PATH}` };
  return run("nsenter", ["--target", String(pid), "--all", ...command], { env });
}

/** The last lines of a text, indented as errors show them. */
export function lastLines(text: string, count: number): string {
  const lines = text.trimEnd().split("\n").slice(-count);
  return lines.map((line) => `    ${line}`.trimEnd()).join("\n");
}
