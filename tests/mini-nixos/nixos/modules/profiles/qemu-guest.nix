# What a guest of QEMU needs to see its devices.
{
  boot.initrd = {
    availableKernelModules = [ "virtio_blk" "virtio_mmio" "virtio_net" "virtio_pci" "virtio_scsi" ];
    kernelModules = [ "virtio_balloon" "virtio_console" "virtio_gpu" "virtio_rng" ];
  };
}
