import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { ensureBaseImage } from "@firn/qemu/guest";
import { LibvirtError } from "../errors.js";

/** A disk image as a file of this computer. */
export interface ImageFile {
  readonly file: string;
  readonly format: "qcow2" | "raw";
  /** Size of the disk that it holds, in bytes. */
  readonly capacity: number;
}

const KIB = 1024;

/**
 * Gets a disk image, and looks what it is. A URL is downloaded once and compared with the sums beside it.
 *
 * @param image a file, from the project's directory, or a URL
 * @throws LibvirtError where there is no such file, or one that is compressed; QemuError for a URL
 */
export async function imageFile(image: string): Promise<ImageFile> {
  const file = /^https?:/.test(image) ? await ensureBaseImage(image) : resolve(image);
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "there is no such file" : error.message;
    throw new LibvirtError(
      `libvirt({ image: ${JSON.stringify(file)} }): ${why}. It is a disk image on this computer, qcow2 or raw, for example Debian's "genericcloud".`,
    );
  });
  try {
    const head = Buffer.alloc(KIB);
    await handle.read(head, 0, KIB, 0);
    // qcow2's header: magic at 0, version at 4, virtual size at 24 (qemu.org/docs, "interop/qcow2").
    if (head.toString("latin1", 0, 4) === "QFI\u00fb")
      return { file, format: "qcow2", capacity: Number(head.readBigUInt64BE(24)) };
    const compressed = COMPRESSIONS.find(([magic]) => head.toString("hex").startsWith(magic));
    if (compressed)
      throw new LibvirtError(
        `libvirt({ image: ${JSON.stringify(file)} }) is compressed: unpack it with ${compressed[1]} first.`,
      );
    return { file, format: "raw", capacity: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

const COMPRESSIONS = [
  ["fd377a585a00", "xz -d"],
  ["1f8b", "gzip -d"],
  ["28b52ffd", "zstd -d"],
] as const;
