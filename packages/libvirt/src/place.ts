/** The libvirt that a program without `uri` means: what virsh itself goes by, or this computer's. */
export function defaultUri(): string {
  return process.env.LIBVIRT_DEFAULT_URI || "qemu:///system";
}

/**
 * The host in a connection URI, as a part of names; none for this computer. Two ways to write the same host give the
 * same names.
 */
export function hostOf(uri: string): string[] {
  const host = /^[^:]+:\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/?]+)/.exec(uri)?.[1];
  return host === undefined ? [] : [host.replace(/[[\]]/g, "")];
}
