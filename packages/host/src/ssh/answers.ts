import { connect } from "node:net";

/**
 * Whether an ssh server greets at an address: a port may take connections before there is one.
 *
 * @param timeoutMs how long it may take, in milliseconds
 */
export function sshAnswers(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once("error", () => end(false));
    socket.once("data", (data) => end(data.toString("latin1").startsWith("SSH-")));
    socket.once("end", () => end(false));
  });
}
