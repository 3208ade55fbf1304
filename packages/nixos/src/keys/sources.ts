import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { quote } from "@firn/host";
import { Gate } from "../limits.js";

/** A value that is not in the state, but where `pulumi` runs. */
export type LocalSource =
  | { readonly file: string }
  | { readonly command: readonly string[] }
  | { readonly env: string };

/** The value of a key could not be had; `message` never holds it, and may be shown bare. */
export class KeySourceError extends Error {
  override readonly name = "KeySourceError";
}

/** Enough for a person who has to unlock something first. */
const COMMAND_TIMEOUT_MS = 120_000;
const commands = new Gate(8);

/**
 * The value of a key from where it comes.
 *
 * @param root directory of Pulumi.yaml, where relative paths start and commands run
 * @throws {@link KeySourceError}, also for an empty value
 */
export async function readSource(source: LocalSource, root: string): Promise<Uint8Array> {
  if ("env" in source) {
    const value = process.env[source.env];
    if (value === undefined)
      throw new KeySourceError(
        `the environment variable ${source.env} is not set. Set it where \`pulumi\` runs.`,
      );
    return notEmpty(Buffer.from(value), `the environment variable ${source.env}`);
  }
  if ("file" in source) return notEmpty(await readKeyFile(source.file, root), source.file);
  return commands.run(() => runKeyCommand(source.command, root));
}

/** @throws {@link KeySourceError} for an empty value, which is never what somebody wants */
export function notEmpty(value: Uint8Array, what: string): Uint8Array {
  if (value.length === 0) throw new KeySourceError(`${what} is empty, and a key needs a value.`);
  return value;
}

async function readKeyFile(file: string, root: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(root, file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "it is not there" : code === "EACCES" ? "you may not read it" : message;
    throw new KeySourceError(
      `the file ${file} cannot be read: ${why}. Relative paths start at the directory of Pulumi.yaml (${root}).`,
    );
  }
}

/** Runs a command whose standard output is a key: it is kept from every message, standard error is shown. */
function runKeyCommand(command: readonly string[], root: string): Promise<Uint8Array> {
  const [program = "", ...args] = command;
  const shown = `\`${quote(command)}\``;
  return new Promise((done, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      // The program's copy of the stack's configuration, with all its secrets in plain text.
      env: { ...process.env, PULUMI_CONFIG: undefined, PULUMI_CONFIG_SECRET_KEYS: undefined },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: COMMAND_TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    const value: Buffer[] = [];
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => value.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-4096);
    });
    const fail = (how: string) => {
      const lines = said.split("\n").filter((line) => line.trim() !== "");
      const tail = lines.slice(-10).map((line) => `\n    ${line.trimEnd()}`);
      reject(new KeySourceError(`the command ${shown} ${how}${tail.length > 0 ? `:${tail.join("")}` : "."}`));
    };
    child.once("error", (error: NodeJS.ErrnoException) =>
      fail(
        error.code === "ENOENT"
          ? `cannot be run: there is no program ${program}`
          : `cannot be run (${error.code})`,
      ),
    );
    child.once("close", (code, signal) => {
      if (signal === "SIGKILL" && child.killed)
        fail(`took longer than ${COMMAND_TIMEOUT_MS / 1000} s and was ended`);
      else if (code !== 0) fail(code === null ? `was ended by ${signal}` : `exited with ${code}`);
      else if (value.length === 0 || value.every((chunk) => chunk.length === 0))
        fail("printed nothing, and a key needs a value");
      else done(Buffer.concat(value));
    });
  });
}
