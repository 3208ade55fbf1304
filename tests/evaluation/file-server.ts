import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** Serves a directory's files on the loopback, and remembers what was asked for. */
export class FileServer {
  readonly requests: string[] = [];
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static start(directory: string): Promise<FileServer> {
    return new Promise((resolve) => {
      const server = createServer((request, response) => {
        started.requests.push(request.url ?? "");
        try {
          response.end(readFileSync(join(directory, request.url ?? "")));
        } catch {
          response.writeHead(404).end();
        }
      });
      let started: FileServer;
      server.listen(0, "127.0.0.1", () => {
        started = new FileServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
        resolve(started);
      });
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
