import { execFileSync } from "node:child_process";
import { createReadStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A signed binary cache, served over HTTP to the machines of this computer. */
export interface BinaryCache {
  readonly url: string;
  /** What machines that trust it have in `trusted-public-keys`. */
  readonly publicKey: string;
  /** What was asked for since the last call, such as `GET /nix-cache-info`. */
  requests(): string[];
  /** Adds a path with its closure. */
  add(path: string): void;
  /** Lets requests whose paths match wait forever. */
  hang(requests: RegExp): void;
  /** Takes it from the network for good. */
  close(): Promise<void>;
}

/** @param address of this computer, as machines see it */
export async function binaryCache(address: string): Promise<BinaryCache> {
  const directory = mkdtempSync(join(tmpdir(), "firn-cache-"));
  const [secret, open] = [join(directory, "secret"), join(directory, "public")];
  execFileSync("nix-store", ["--generate-binary-cache-key", "lab-1", secret, open]);
  const publicKey = readFileSync(open, "utf8").trim();
  const requests: string[] = [];
  let hanging = /^$/;
  const server: Server = createServer((request, response) => {
    const path = request.url ?? "/";
    requests.push(`${request.method} ${path}`);
    if (hanging.test(path)) return;
    const file = createReadStream(join(directory, "cache", path));
    file.once("error", () => response.writeHead(404).end());
    file.once("open", () => file.pipe(response));
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}`,
    publicKey,
    requests: () => requests.splice(0),
    add(path) {
      const store = `file://${join(directory, "cache")}?compression=none&secret-key=${secret}`;
      execFileSync("nix", ["copy", "--to", store, path], { stdio: "ignore" });
    },
    hang(pattern) {
      hanging = pattern;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
