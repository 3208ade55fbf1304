import { PassThrough } from "node:stream";
import { UnreachableError } from "../errors.js";
import type { Host } from "../host.js";
import { activationScript, readValues } from "../scripts.js";
import { type ActivationReport, parseReport } from "./report.js";

const END_OF_SCRIPT = "# end of script";

/** Stores the script that comes first on standard input, then runs it with what follows there. */
const LOADER = `umask 077
mkdir -p /run/firn || exit
while IFS= read -r line && [ "$line" != "${END_OF_SCRIPT}" ]; do printf '%s\\n' "$line"; done >/run/firn/.activation.$$
mv -f /run/firn/.activation.$$ /run/firn/activation.sh
exec sh /run/firn/activation.sh "$@"`;

/** The machine takes a deployer for gone after 30 s without a word. */
const BEAT_MS = 3000;
/** The machine's half says something every 2 s; after this long without a word the connection counts as lost. */
const SILENCE_MS = 15_000;

/** A command of the activation protocol that is running on a machine, and what it says. */
export interface Conversation {
  /** Lines of switch-to-configuration's output so far. */
  readonly output: readonly string[];
  /** The same in bytes. */
  readonly outputBytes: number;
  /** How the command answered: `started`, `busy`, `unchanged`, …; undefined when it ended without. */
  readonly result: Promise<string | undefined>;
  /** Resolves when the activation waits for its confirmation, or when the conversation has ended in whatever way. */
  readonly settled: Promise<"waiting" | "ended">;
  /** The last report; rejects with {@link UnreachableError} when the connection is lost. */
  readonly done: Promise<ActivationReport | undefined>;
  /** What the command wrote besides its answers. */
  readonly remarks: readonly string[];
  /** The answers so far, by key: what was known when a connection was lost. */
  readonly facts: ReadonlyMap<string, string>;
  /** Says a word to the machine's half: `confirm`, or `reject` and why. */
  say(word: string): void;
  /** Ends the command here; on the machine, the activation goes on. */
  leave(): void;
}

/** Runs a command of the activation protocol's half on the machine, `scripts/activation`. */
export function converse(
  host: Host,
  command: readonly string[],
  onOutput: (line: string) => void = () => {},
): Conversation {
  const input = new PassThrough();
  const left = new AbortController();
  const output: string[] = [];
  const remarks: string[] = [];
  const facts = new Map<string, string>();
  let outputBytes = 0;
  let heard = Date.now();
  const say = (word: string) => {
    if (input.writable) input.write(`${word}\n`);
  };
  say(`${activationScript()}${END_OF_SCRIPT}`);
  const beats = setInterval(() => say("beat"), BEAT_MS);
  const silence = setInterval(() => {
    if (Date.now() - heard > SILENCE_MS) left.abort();
  }, 1000);

  let answered: (result: string | undefined) => void = () => {};
  let settle: (state: "waiting" | "ended") => void = () => {};
  const result = new Promise<string | undefined>((resolve) => {
    answered = resolve;
  });
  const settled = new Promise<"waiting" | "ended">((resolve) => {
    settle = resolve;
  });
  const onLine = (line: string, stream: "stdout" | "stderr") => {
    heard = Date.now();
    if (stream === "stdout") {
      output.push(line);
      outputBytes += Buffer.byteLength(line) + 1;
      onOutput(line);
      return;
    }
    const answer = readValues(line);
    for (const [key, value] of answer) facts.set(key, value);
    const result = answer.get("result");
    if (result !== undefined) answered(result);
    if (answer.get("phase") === "waiting") settle("waiting");
    if (answer.size === 0) remarks.push(line);
  };
  const done = host
    .run(["sh", "-c", LOADER, "sh", ...command], {
      input,
      privileged: true,
      signal: left.signal,
      onLine,
      title: "the activation protocol",
    })
    .then(
      (ended) => parseReport(ended.stderr),
      (error) => {
        if (!left.signal.aborted) throw error;
        throw new UnreachableError(
          `${host.name} at ${host.address} has not said anything for a while`,
          host.name,
        );
      },
    )
    .finally(() => {
      clearInterval(beats);
      clearInterval(silence);
      input.end();
      answered(undefined);
      settle("ended");
    });
  done.catch(() => {}); // whoever waits for it gets it; nobody has to
  return {
    output,
    remarks,
    facts,
    get outputBytes() {
      return outputBytes;
    },
    result,
    settled,
    done,
    say,
    leave: () => left.abort(),
  };
}
