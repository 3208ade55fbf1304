/** Puts a small disk over a machine's Nix store. */
export async function fillDisk(
  exec: (argv: readonly string[]) => Promise<string>,
  leave: number,
): Promise<() => Promise<void>> {
  const small = "/run/small-disk";
  await exec(["mkdir", small]);
  await exec(["mount", "-t", "tmpfs", "-o", `size=${leave}`, "small", small]);
  await exec(["mkdir", `${small}/new`, `${small}/work`]);
  const layers = `lowerdir=/nix/store,upperdir=${small}/new,workdir=${small}/work`;
  await exec(["mount", "-t", "overlay", "-o", layers, "small", "/nix/store"]);
  return async () => {
    await exec(["umount", "--lazy", "/nix/store"]);
    // Nix' database knows the paths that did fit.
    await exec(["cp", "-a", `${small}/new/.`, "/nix/store/"]);
    await exec(["umount", "--lazy", small]);
    await exec(["rmdir", small]);
  };
}
