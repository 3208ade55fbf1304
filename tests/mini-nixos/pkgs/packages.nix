# A few packages by the names that modules use. All but busybox are stand-ins that say their own name.
final: prev:
let
  inherit (final) lib stdenv busybox;
  standIn = { pname, version, programs ? [ pname ], meta ? { }, passthru ? { } }:
    stdenv.mkDerivation {
      inherit pname version passthru;
      meta = { description = "Stand-in for ${pname}"; license = lib.licenses.mit; mainProgram = builtins.head (programs ++ [ pname ]); } // meta;
      buildCommand = ''
        mkdir -p $out/bin
        for program in ${toString programs}; do
          printf '#!%s\necho %s\n' ${busybox}/bin/sh "\"$program ${version}\"" > $out/bin/$program
          chmod +x $out/bin/$program
        done
      '';
    };
  # Tools that busybox has under the same names.
  fromBusybox = pname: programs: stdenv.mkDerivation {
    inherit pname;
    inherit (busybox) version;
    meta.mainProgram = builtins.head programs;
    buildCommand = "mkdir -p $out/bin; for program in ${toString programs}; do ln -s ${busybox}/bin/$program $out/bin/; done";
  };
  postgresql = version: standIn { pname = "postgresql"; inherit version; programs = [ "postgres" "psql" ]; passthru.psqlSchema = lib.versions.major version; };
in
{
  hello = stdenv.mkDerivation {
    pname = "hello";
    version = "2.12.1";
    meta = {
      description = "Program that produces a familiar, friendly greeting";
      homepage = "https://www.gnu.org/software/hello/manual/";
      license = lib.licenses.gpl3Plus;
      mainProgram = "hello";
      platforms = lib.platforms.all;
    };
    buildCommand = ''
      mkdir -p $out/bin
      printf '#!%s\necho "Hello, world!"\n' ${busybox}/bin/sh > $out/bin/hello
      chmod +x $out/bin/hello
    '';
  };
  hello-unfree = standIn { pname = "example-unfree-package"; version = "1.0"; meta.license = lib.licenses.unfree; };

  bash = stdenv.mkDerivation {
    pname = "bash";
    inherit (busybox) version;
    passthru.shellPath = "/bin/bash";
    meta.mainProgram = "bash";
    buildCommand = ''
      mkdir -p $out/bin
      printf '#!%s\nexec %s "$@"\n' ${busybox}/bin/sh ${busybox}/bin/sh > $out/bin/bash
      chmod +x $out/bin/bash; ln -s ${busybox}/bin/sh $out/bin/sh
    '';
  };
  bashInteractive = final.bash;
  coreutils = fromBusybox "coreutils" [ "cat" "chmod" "chown" "cp" "cut" "date" "dd" "dirname" "echo" "env" "false" "head" "id" "ln" "ls" "mkdir" "mktemp" "mv" "printf" "pwd" "readlink" "realpath" "rm" "rmdir" "seq" "sha256sum" "sleep" "sort" "stat" "tail" "tee" "test" "timeout" "touch" "tr" "true" "uname" "uniq" "wc" "whoami" "yes" ];
  gnugrep = fromBusybox "gnugrep" [ "grep" ];
  gnused = fromBusybox "gnused" [ "sed" ];
  gawk = fromBusybox "gawk" [ "awk" ];
  gnutar = fromBusybox "gnutar" [ "tar" ];
  gzip = fromBusybox "gzip" [ "gzip" "gunzip" ];
  findutils = fromBusybox "findutils" [ "find" "xargs" ];
  iproute2 = fromBusybox "iproute2" [ "ip" "tc" ];
  util-linux = fromBusybox "util-linux" [ "mount" "umount" "mountpoint" "setsid" ];
  wget = fromBusybox "wget" [ "wget" ];

  cryptsetup = standIn { pname = "cryptsetup"; version = "2.8.1"; };
  curl = standIn { pname = "curl"; version = "8.18.0"; };
  git = standIn { pname = "git"; version = "2.53.0"; };
  # There is no metadata service that it would have to ask.
  google-guest-agent = stdenv.mkDerivation {
    pname = "google-guest-agent";
    version = "20251011.00";
    meta.mainProgram = "google_guest_agent";
    buildCommand = ''
      mkdir -p $out/bin $out/lib/systemd/system
      printf '#!%s\nexec %s infinity\n' ${busybox}/bin/sh ${busybox}/bin/sleep > $out/bin/google_guest_agent
      chmod +x $out/bin/google_guest_agent
      printf '[Unit]\nDescription=Google Compute Engine Guest Agent\n\n[Service]\nExecStart=%s\nRestart=always\n' $out/bin/google_guest_agent > $out/lib/systemd/system/google-guest-agent.service
    '';
  };
  google-guest-configs = standIn { pname = "google-guest-configs"; version = "20250807.00"; programs = [ "google_nvme_id" "google_set_hostname" ]; };
  htop = standIn { pname = "htop"; version = "3.4.1"; };
  jq = standIn { pname = "jq"; version = "1.8.1"; };
  nginx = standIn { pname = "nginx"; version = "1.28.2"; };
  # Nix is that of the machine's image, which may keep it off PATH.
  nix = stdenv.mkDerivation {
    pname = "nix";
    version = "2.31.3";
    meta = { mainProgram = "nix"; license = lib.licenses.lgpl2Plus; };
    buildCommand = ''
      mkdir -p $out/bin
      for program in nix nix-build nix-collect-garbage nix-copy-closure nix-env nix-hash nix-instantiate nix-store; do
        printf '#!%s\nd=/usr/lib/miniature/bin; [ -e $d ] || d=/usr/bin\nexec $d/%s "$@"\n' ${busybox}/bin/sh $program > $out/bin/$program
        chmod +x $out/bin/$program
      done
    '';
  };
  openssh = standIn { pname = "openssh"; version = "10.2p1"; programs = [ "ssh" "sshd" ]; };
  python3 = standIn { pname = "python3"; version = "3.13.12"; };
  redis = standIn { pname = "redis"; version = "8.2.3"; programs = [ "redis-server" "redis-cli" ]; };
  # The machine's own systemd does the work.
  systemd = stdenv.mkDerivation {
    pname = "systemd";
    version = "258.5";
    meta.mainProgram = "systemctl";
    buildCommand = ''
      mkdir -p $out/bin $out/lib/systemd
      ln -s /usr/bin/systemctl $out/bin/
      for program in systemd-growfs systemd-makefs; do ln -s /usr/lib/systemd/$program $out/lib/systemd/; done
    '';
  };
  tmux = standIn { pname = "tmux"; version = "3.6a"; };
  vim = standIn { pname = "vim"; version = "9.1.2148"; };
  # The machine's own, where it has one.
  wireguard-tools = stdenv.mkDerivation {
    pname = "wireguard-tools";
    version = "1.0.20250521";
    meta.mainProgram = "wg";
    buildCommand = "mkdir -p $out/bin; ln -s /usr/bin/wg $out/bin/wg";
  };

  postgresql_16 = postgresql "16.13";
  postgresql_17 = postgresql "17.9";
  postgresql_18 = postgresql "18.3";
  postgresql = final.postgresql_17;

  linuxPackages = final.linuxPackages_6_18;
  linuxPackages_6_12 = import ./kernel.nix { inherit lib stdenv busybox; version = "6.12.77"; };
  linuxPackages_6_18 = import ./kernel.nix { inherit lib stdenv busybox; version = "6.18.20"; };
  linuxPackages_latest = final.linuxPackages_6_18;
  # These boot, on virtual machines; what else such systems are made of is Debian's too.
  linuxPackages_cloud = import ./kernel.nix { inherit lib stdenv busybox; version = "6.12.117"; debian = final.debianPart "linux-cloud"; };
  linuxPackages_cloud_6_1 = import ./kernel.nix { inherit lib stdenv busybox; version = "6.1.0"; debian = final.debianPart "linux-cloud-6.1"; };
  debianPart = import ./downloads.nix { inherit (final) requireFile; };
  debianNix = stdenv.mkDerivation {
    pname = "nix";
    version = "2.26.3";
    meta = { mainProgram = "nix"; license = lib.licenses.lgpl2Plus; };
    # It comes with its libraries, so that it runs on any distribution.
    buildCommand = let userland = final.debianPart "debian-userland"; in ''
      mkdir -p $out/bin
      for program in nix nix-build nix-collect-garbage nix-copy-closure nix-env nix-hash nix-instantiate nix-store; do
        printf '#!%s\nexec %s --library-path %s %s "$@"\n' ${busybox}/bin/sh ${userland}/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 \
          ${userland}/usr/lib/x86_64-linux-gnu ${userland}/usr/bin/$program > $out/bin/$program
        chmod +x $out/bin/$program
      done
    '';
  };
  linux = final.linuxPackages.kernel;
  linuxPackagesFor = kernel: { inherit kernel; };
}
