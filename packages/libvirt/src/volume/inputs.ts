import type { Seed } from "@firn/qemu/guest";
import type { Owner } from "../owner.js";

/** What a volume holds when it is made. */
export type VolumeContent =
  /** Nothing. */
  | { readonly kind: "empty" }
  /** A disk image, as qcow2 or raw: a file of the deployer's, or a URL. */
  | { readonly kind: "image"; readonly file: string }
  /** What another volume of the pool holds; another `image` is another disk, another volume with it is not. */
  | { readonly kind: "copy"; readonly volume: string; readonly image: string }
  /** The first words to a machine that boots from a cloud image: files of a NoCloud seed by name. */
  | { readonly kind: "seed" };

/** What the Pulumi resource of a volume is given. */
export interface VolumeInputs {
  readonly uri: string;
  readonly pool: string;
  /** Begins its name in the pool. */
  readonly name: string;
  readonly owner: Owner;
  readonly content: VolumeContent;
  /** In bytes, of an empty one or a copy. */
  readonly capacity?: number;
  /** Domain that it is a disk of; a volume that grows while the domain runs is grown through it. */
  readonly domain?: string;
  /** What a seed tells; a secret, which counts when the volume is made. */
  readonly seed?: Seed;
}

/** What the resource puts out. */
export interface VolumeOutputs extends Omit<VolumeInputs, "seed"> {
  /** Its name in the pool: `shop-dev-web-1a2b3c.qcow2`. */
  readonly volume: string;
  readonly format: "qcow2" | "raw";
  /** In bytes. */
  readonly capacity: number;
}
