import type { Duplex } from "node:stream";
import { HostError } from "./errors.js";
import { explainCommand } from "./explain.js";
import { EXTRA_PATH, type Host, type RunOptions, type RunResult, relayCommand } from "./host.js";
import { runProcess } from "./process.js";
import { openRelay } from "./relay.js";

/** Runs what follows `PATH` in the arguments with that `PATH`; for `sudo`, which sets its own. */
const WITH_PATH = ["sh", "-c", 'PATH=$1; PATH; shift; exec "$@"', "sh"] as const;

/** The computer that Firn runs on, as a {@link Host}. */
export function localHost(): Host {
  return { name: "localhost", address: "this computer", run, dial, close: async () => {} };
}

function dial(address: string, port: number, signal: AbortSignal): Promise<Duplex> {
  const [program = "", ...args] = relayCommand(address, port);
  return openRelay(program, args, signal);
}

/** The environment of this computer's programs: what is looked for on machines is looked for here, too. */
export function localEnvironment(): NodeJS.ProcessEnv & { PATH: string } {
  return { ...process.env, PATH: `${process.env.PATH ?? "/usr/bin:/bin"}:${EXTRA_PATH}` };
}

async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const env = localEnvironment();
  const sudo =
    options.privileged === true && process.getuid?.() !== 0
      ? ["sudo", "-n", "--", ...WITH_PATH, env.PATH]
      : [];
  const [program = "", ...args] = [...sudo, ...argv];
  const result = await runProcess(program, args, { ...options, env }).catch((error) => {
    if (error.code !== "ENOENT") throw error;
    return { stdout: "", stderr: `${program}: command not found`, exitCode: 127, ended: undefined };
  });
  if (result.ended === "aborted") throw new HostError(`\`${program}\` was cancelled`, "localhost");
  const timedOutAfterMs = result.ended === "timeout" ? options.timeoutMs : undefined;
  if (timedOutAfterMs !== undefined || (result.exitCode !== 0 && options.check !== false))
    throw explainCommand({
      machine: "this computer",
      argv,
      title: options.title,
      ...result,
      timedOutAfterMs,
    });
  return result;
}
