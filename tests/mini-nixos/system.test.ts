import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { build, evaluate, nixos } from "./evaluate.js";

const WEB = `({ pkgs, ... }: {
  networking = { hostName = "web"; hosts."10.0.0.2" = [ "db" ]; };
  services.miniweb = { enable = true; upstream = "http://db:5432/greeting"; };
  systemd.services.job = { startAt = "daily"; script = "date"; restartIfChanged = false; path = [ pkgs.hello ]; };
  environment.etc."deep/file" = { text = "text"; mode = "0600"; };
  environment.systemPackages = [ pkgs.hello pkgs.vim ];
  users.users.alice = { isNormalUser = true; extraGroups = [ "wheel" ]; };
})`;

test("a system is built in the sandbox and has the files that NixOS' has", async () => {
  const system = await build(WEB);
  const read = (path: string) => readFileSync(join(system, path), "utf8");
  expect(system).toMatch(/-nixos-system-web-26\.05\.mini$/);
  expect(readdirSync(system).sort()).toEqual([
    "activate",
    "bin",
    "dry-activate",
    "etc",
    "init",
    "init-interface-version",
    "nixos-version",
    "sw",
    "switch-inhibitors",
    "system",
    "systemd",
  ]);
  expect(read("nixos-version")).toBe("26.05.mini");
  expect(read("system")).toBe("x86_64-linux");
  expect(read("bin/switch-to-configuration")).toContain(`toplevel=${system}`);
  expect(read("etc/hosts")).toContain("10.0.0.2 db\n");
  expect(read("etc/deep/file.mode")).toBe("0600\n");
  expect(realpathSync(join(system, "sw/bin/hello"))).toMatch(/-hello-2\.12\.1\/bin\/hello$/);

  const units = join(system, "etc/systemd/system");
  const job = readFileSync(join(units, "job.service"), "utf8");
  expect(job).toContain("X-RestartIfChanged=false\n");
  expect(job).toMatch(/^ExecStart=.*-unit-script-job-start\/bin\/job-start$/m);
  expect(job).toMatch(/^Environment="PATH=\/nix\/store\/[^:]*-hello-2\.12\.1\/bin:/m);
  expect(readFileSync(join(units, "job.timer"), "utf8")).toContain("OnCalendar=daily\n");
  expect(readlinkSync(join(units, "timers.target.wants/job.timer"))).toBe("../job.timer");
});

test("a machine that is no container has a kernel and an initial ramdisk", async () => {
  const system = await build(`({ lib, ... }: {
    boot = { isContainer = lib.mkForce false; loader.initScript.enable = lib.mkForce false; loader.grub.device = "/dev/vda"; kernelParams = [ "quiet" ]; };
    fileSystems."/" = { device = "/dev/vda1"; fsType = "ext4"; };
  })`);
  const names = readdirSync(system);
  for (const name of ["kernel", "kernel-modules", "kernel-params", "initrd"]) expect(names).toContain(name);
  expect(readFileSync(join(system, "kernel-params"), "utf8")).toContain("quiet");
  expect(readFileSync(join(system, "etc/fstab"), "utf8")).toContain("/dev/vda1 / ext4 defaults 0 1\n");
});

test("many machines in one evaluation cost little, and few derivations each", async () => {
  const { value } = await evaluate(`let
    machine = n: ${nixos(`{ networking.hostName = "m\${toString n}"; services.minidb = { enable = true; data.n = toString n; }; }`)};
  in builtins.length (lib.unique (map (n: (machine n).config.system.build.toplevel.drvPath) (lib.range 1 20)))`);
  expect(value).toBe(20);
});

test("packages are built by nixpkgs' builders", async () => {
  const { value } = await evaluate(`{
    joined = (pkgs.symlinkJoin { name = "joined"; paths = [ pkgs.hello ]; }).name;
    script = lib.getExe (pkgs.writeShellScriptBin "greet" "echo hi") == "\${pkgs.writeShellScriptBin "greet" "echo hi"}/bin/greet";
    called = (pkgs.callPackage ({ stdenv, hello, extra ? 1 }: stdenv.mkDerivation { pname = "p"; version = hello.version; passthru = { inherit extra; }; }) { extra = 2; }).extra;
    overridden = (pkgs.hello.overrideAttrs (old: { version = "3"; })).name;
    overlaid = (import <firn> { system = "x86_64-linux"; overlays = [ (final: prev: { mine = prev.hello.pname; }) ]; }).mine;
    platform = pkgs.stdenv.hostPlatform.system;
    free = (import <firn> { system = "x86_64-linux"; config.allowUnfree = true; }).hello-unfree.drvPath != "";
  }`);
  expect(value).toEqual({
    joined: "joined",
    script: true,
    called: 2,
    overridden: "hello-3",
    overlaid: "hello",
    platform: "x86_64-linux",
    free: true,
  });
});
