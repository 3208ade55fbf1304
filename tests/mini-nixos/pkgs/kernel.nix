# A kernel: one to be named, compared and linked, or with `debian`, one of Debian's that boots.
{ lib, stdenv, busybox, version, debian ? null }:
let
  kernel = stdenv.mkDerivation {
    pname = "linux";
    inherit version;
    passthru = {
      modDirVersion = version;
      kernelOlder = lib.versionOlder version;
      kernelAtLeast = lib.versionAtLeast version;
      boots = debian != null;
    };
    buildCommand = if debian != null then ''
      mkdir -p $out/lib/modules
      cp ${debian}/bzImage $out/bzImage
      cp -r ${debian}/modules $out/lib/modules/${debian.release}
    '' else ''
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
