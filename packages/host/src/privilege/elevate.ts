import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import type { RunOptions } from "../host.js";
import { quote } from "../quote.js";
import { readScript } from "../scripts.js";
import type { Privilege } from "../ssh/target.js";

/** A command that becomes root before it does anything. */
export interface Elevated {
  /** What a shell is given; it expects `PATH` to be set. */
  readonly commandLine: string;
  /** What it reads on standard input: the password where there is one, then what the command itself reads. */
  readonly input: RunOptions["input"];
  /** The line of standard error that comes right before the command's own. */
  readonly mark: string;
}

/**
 * Lets a command be run by sudo or doas. A password goes over standard input, before the command's own: it is in no
 * argument, environment or file.
 */
export function elevate(
  argv: readonly string[],
  privilege: Privilege,
  input?: RunOptions["input"],
  mark = `firn-root-${randomBytes(8).toString("hex")}`,
): Elevated {
  const { method, password } = privilege;
  const words = password === undefined ? "" : "words";
  // The shell that comes first on the other side has the PATH that sudo and doas take away.
  const inner = `${quote(["sh", "-c", readScript("root.sh"), "sh"])} "$PATH" ${quote([mark, words, ...argv])}`;
  return {
    mark,
    commandLine:
      method === "sudo"
        ? `sudo ${password === undefined ? "-n" : "-k -S"} -- ${inner}`
        : password === undefined
          ? `doas -n -- ${inner}`
          : quote(["sh", "-c", readScript("doas.sh"), "sh", `exec doas -- ${inner} <&3 >&4 2>&5`]),
    input: password === undefined ? input : withPassword(password, mark, input),
  };
}

/** A password as the one line that sudo and doas read; files and prompts often add a line break. */
export function passwordLine(password: string): string {
  const line = password.replace(/\r?\n$/, "");
  if (/[\n\r\0]/.test(line)) throw new TypeError("a password for sudo or doas is one line");
  return `${line}\n`;
}

/**
 * The password is followed by the mark, up to which the other side throws away what it reads: where no password is asked
 * for, the command must not get it.
 */
function withPassword(password: string, mark: string, input: RunOptions["input"]): Readable {
  return Readable.from(
    (async function* () {
      yield Buffer.from(`${passwordLine(password)}${mark}\n`);
      if (input instanceof Readable) yield* input;
      else if (input !== undefined) yield Buffer.from(input);
    })(),
    { objectMode: false },
  );
}
