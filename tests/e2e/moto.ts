import { type ChildProcess, spawn } from "node:child_process";
import { eventually } from "../lab/probe.js";

/** Prints where it listens: at a port that is free. */
const SERVER = `
import sys
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
`;

/** moto as a server of this computer, with nothing in it. */
export interface Moto {
  readonly url: string;
  stop(): void;
}

/** @throws where set-up did not get moto */
export async function startMoto(): Promise<Moto> {
  const python = process.env.FIRN_MOTO_PYTHON;
  if (!python) throw new Error("FIRN_MOTO_PYTHON names no Python with moto: run this with npm test.");
  const server: ChildProcess = spawn(python, ["-c", SERVER], { stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  server.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  const url = await eventually(async () => {
    const port = /^(\d+)\n/.exec(said)?.[1];
    if (port === undefined) throw new Error("moto does not listen yet");
    return `http://127.0.0.1:${port}`;
  });
  return { url, stop: () => void server.kill() };
}
