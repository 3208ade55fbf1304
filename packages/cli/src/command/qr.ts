import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { renderUnicodeCompact } from "uqr";
import { type Command, UsageError } from "../command.js";

/** `firn qr`: an output of the stack as a QR code, for the camera of a telephone. */
export const qr: Command = {
  usage: "[--stack STACK] OUTPUT",
  summary: "shows an output of the stack as a QR code: a peer's configuration for WireGuard's app",
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { stack: { type: "string", short: "s" } },
    });
    const [name, ...others] = positionals;
    if (name === undefined || others.length > 0) throw new UsageError("give the name of one output");
    terminal.out(qrCode(await stackOutput(name, values.stack)));
  },
};

/**
 * A QR code of two rows a line. Its blocks are the light modules, so they are written white on black, whatever the
 * colours of the terminal are.
 *
 * @throws when the text is longer than a QR code holds, 2,953 bytes
 */
export function qrCode(text: string): string {
  const code = renderUnicodeCompact(text, { border: 2 });
  return code
    .split("\n")
    .map((line) => `\u001b[97;40m${line}\u001b[0m`)
    .join("\n");
}

async function stackOutput(name: string, stack: string | undefined): Promise<string> {
  const where = stack === undefined ? [] : ["--stack", stack];
  const { stdout } = await promisify(execFile)("pulumi", [
    "stack",
    "output",
    name,
    "--show-secrets",
    "--non-interactive",
    ...where,
  ]).catch((error: NodeJS.ErrnoException & { stderr?: string }) => {
    if (error.code === "ENOENT") throw new Error("`pulumi` is not on PATH: install Pulumi.");
    throw new Error(error.stderr?.trim() || error.message);
  });
  return stdout.replace(/\n$/, "");
}
