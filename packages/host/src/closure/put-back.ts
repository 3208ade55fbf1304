import { Readable } from "node:stream";
import type { Host } from "../host.js";
import { readScript } from "../scripts.js";
import { LocalStore } from "./local-store.js";
import type { PathInfo } from "./serve.js";

/**
 * Puts back the files of paths that a machine's store knows already, through Nix' own repair: the machine gets a binary
 * cache with just these paths for as long as it takes.
 */
export async function putBack(host: Host, infos: readonly PathInfo[]): Promise<void> {
  await LocalStore.use(async (store) => {
    const input = store.archives(infos, (writer, info) => {
      const description = Buffer.from(narInfo(info));
      writer.bytes(Buffer.from(`${info.path} ${description.length} ${info.narSize}\n`)).bytes(description);
    });
    await host.run(["sh", "-c", readScript("repair.sh")], {
      input: Readable.from(input, { objectMode: false }),
      privileged: true,
      title: "putting back damaged store paths",
    });
  });
}

/** A path's description in the format of Nix' binary caches. */
function narInfo(info: PathInfo): string {
  const hash = baseName(info.path).slice(0, 32);
  const lines = [
    `StorePath: ${info.path}`,
    `URL: ${hash}.nar`,
    "Compression: none",
    `NarHash: ${info.narHash}`,
    `NarSize: ${info.narSize}`,
    `References: ${info.references.map(baseName).join(" ")}`,
  ];
  return `${lines.join("\n")}\n`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
