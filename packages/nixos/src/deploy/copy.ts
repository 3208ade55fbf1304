import { copyClosure, type Host, keepFromCollector } from "@firn/host";
import { Gate, LIMITS } from "../limits.js";
import type { Deployment } from "./deployment.js";

const copies = new Gate(LIMITS.copies);

/** Sends the machine what its store lacks of the system's closure. */
export async function copySystem({ inputs, status }: Deployment, host: Host): Promise<void> {
  await copies.run(() =>
    copyClosure(host, [inputs.toplevel], {
      onProgress: ({ paths, bytes }) =>
        status.show(`copying ${paths} paths${bytes ? `, ${megabytes(bytes)}` : ""}`),
    }),
  );
  await keepFromCollector(host, inputs.toplevel);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
