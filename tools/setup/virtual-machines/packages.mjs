/** What a Debian that boots by itself has beyond the image of local machines. */
export const vmPackages = ["e2fsprogs", "fdisk", "grub-pc-bin", "grub2-common", "jq", "kmod"];

/** Kernels by name in the miniature: Debian's suite and package. The second one has what folders of the host need. */
export const kernels = {
  "linux-cloud": { suite: "trixie", package: "linux-image-cloud-amd64" },
  "linux-cloud-6.1": { suite: "bookworm", package: "linux-image-cloud-amd64" },
};
