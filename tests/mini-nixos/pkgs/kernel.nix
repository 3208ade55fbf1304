# A kernel to be named, compared and linked, not booted.
{ lib, stdenv, busybox, version }:
let
  kernel = stdenv.mkDerivation {
    pname = "linux";
    inherit version;
    passthru = { modDirVersion = version; kernelOlder = lib.versionOlder version; kernelAtLeast = lib.versionAtLeast version; };
    buildCommand = ''
      mkdir -p $out/lib/modules/${version}
      echo "linux ${version}" > $out/bzImage
      ln -s bzImage $out/Image
    '';
  };
in
{
  inherit kernel;
  virtualboxGuestAdditions = stdenv.mkDerivation {
    pname = "VirtualBox-GuestAdditions";
    version = "7.2.4-${version}";
    buildCommand = ''
      mkdir -p $out/bin $out/lib/modules/${version}
      ln -s ${busybox}/bin/true $out/bin/VBoxService
    '';
  };
}
