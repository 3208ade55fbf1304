import { ensureImage } from "@firn/container/image";

/** The root file system of machines that stand in for a rescue system: programs that partition and format; set-up makes it. */
export function rescueImage(): Promise<string> {
  return ensureImage(undefined, ["dosfstools", "e2fsprogs", "fdisk", "mdadm", "xfsprogs"]);
}
