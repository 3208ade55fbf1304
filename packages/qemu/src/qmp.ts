import { connect } from "node:net";
import { QemuError } from "./errors.js";

const TIMEOUT_MS = 10_000;

/** A command of the monitor: `{ execute: "block_resize", arguments: { … } }`. */
export interface Command {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/**
 * Sends commands to a machine's monitor (QEMU's QMP), one after the other.
 *
 * @returns what they returned
 * @throws QemuError with what QEMU said of the first one that failed, or when nobody answers
 */
export function command(socketPath: string, ...commands: readonly Command[]): Promise<unknown[]> {
  const queue: Command[] = [{ execute: "qmp_capabilities" }, ...commands];
  const results: unknown[] = [];
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let text = "";
    const fail = (why: string) => {
      socket.destroy();
      reject(new QemuError(`QEMU's monitor ${socketPath}: ${why}`));
    };
    const send = () => {
      const next = queue.shift();
      if (next) socket.write(`${JSON.stringify(next)}\n`);
      else {
        socket.end();
        resolve(results.slice(1));
      }
    };
    socket.setTimeout(TIMEOUT_MS, () => fail(`no answer within ${TIMEOUT_MS / 1000} s`));
    socket.once("error", (error) => fail(error.message));
    // `quit` ends QEMU, which may not answer any more.
    socket.once("close", () => resolve(results.slice(1)));
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = `${text}${chunk}`.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines.filter((each) => each.trim() !== "")) {
        const message = JSON.parse(line) as { QMP?: object; error?: { desc: string }; return?: unknown };
        if (message.error) return fail(message.error.desc);
        if (message.QMP) send();
        else if ("return" in message) {
          results.push(message.return);
          send();
        }
      }
    });
  });
}

/** A command of the human monitor, for what QMP has not. It says what is wrong as its answer. */
export function humanCommand(line: string): Command {
  return { execute: "human-monitor-command", arguments: { "command-line": line } };
}
