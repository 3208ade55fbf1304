import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { Host } from "../host.js";
import type { From, TcpCheck } from "./check.js";

/**
 * Opens a TCP connection from the deployer or from the machine.
 *
 * @throws an error with the reason, or that of `signal`
 */
export function dial(
  host: Host,
  from: From | undefined,
  address: string,
  port: number,
  signal: AbortSignal,
): Promise<Duplex> {
  if (from === "machine") return host.dial(address, port, signal);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, signal });
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

/** Where a machine is asked when a check does not say: by its address, or by its own name for itself. */
export function addressFor(host: Host, from: From | undefined): string {
  return from === "machine" ? "localhost" : host.address;
}

/** A signal that ends an attempt in words. */
export function patience(timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs).unref();
  return controller.signal;
}

/** Why a port did not let in a connection; undefined when it did. */
export async function checkTcp(host: Host, check: TcpCheck, timeoutMs: number): Promise<string | undefined> {
  const address = check.host ?? addressFor(host, check.from);
  try {
    const stream = await dial(host, check.from, address, check.port, patience(timeoutMs));
    stream.on("error", () => {});
    stream.destroy();
    return undefined;
  } catch (error) {
    return `${address} port ${check.port}: ${wordsOf(error)}`;
  }
}

/** The reason of a failed connection for a person; several addresses of a name fail together, without words of their own. */
export function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return wordsOf(error.errors[0]);
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ECONNREFUSED") return "connection refused";
  return message || String(code);
}
