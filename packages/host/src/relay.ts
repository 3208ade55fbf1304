import { spawn } from "node:child_process";
import { Duplex } from "node:stream";

/**
 * A TCP connection through a process that runs `scripts/relay.sh`; resolves when it is open.
 *
 * @throws an error with the last line that the process wrote, or the reason of `signal`
 */
export function openRelay(program: string, args: readonly string[], signal: AbortSignal): Promise<Duplex> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString("utf8")).slice(-4096);
  });
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      child.kill("SIGTERM");
      reject(error);
    };
    const onAbort = () => fail(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    child.once("error", fail);
    child.once("close", () => fail(new Error(lastLine(stderr))));
    child.stdin.on("error", () => {}); // its end tells why
    child.stdout.once("readable", () => {
      const opened = child.stdout.read(1);
      if (opened === null) return;
      signal.removeEventListener("abort", onAbort);
      const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
      stream.once("close", () => child.kill("SIGTERM"));
      resolve(stream);
    });
  });
}

/** `Connection refused` of `bash: line 2: /dev/tcp/localhost/81: Connection refused`. */
function lastLine(stderr: string): string {
  const line = stderr.trim().split("\n").at(-1) ?? "";
  return line.replace(/^bash: .*: /, "") || "the connection ended";
}
