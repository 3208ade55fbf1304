import {
  connect,
  copyClosure,
  type Host,
  hasBootedNixos,
  installNix,
  rebootInto,
  type SshTarget,
  takeOver,
} from "@firn/host";
import { type NixModule, printModule } from "@firn/nix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takeOverModule } from "../../packages/nixos/src/cloud/take-over.js";
import { generateKeyPair } from "../../packages/nixos/src/key-pair.provider.js";
import { makeServer, removeServer } from "../clouds/plugin/server.js";
import { containerOf, type LabContainer } from "../lab/lab.js";
import { build } from "../mini-nixos/evaluate.js";

/** A machine with a cloud's Debian on it, without Nix; each test goes on from the one before. */
let machine: string;
let box: LabContainer;
let target: SshTarget;
let toplevel: string;

const inside = async (script: string) => (await box.exec(["sh", "-c", script])).trim();

beforeAll(async () => {
  const [hostKey, deployKey] = await Promise.all([generateKeyPair("host"), generateKeyPair("deploy")]);
  const keys = { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey };
  const server = await makeServer({
    hostname: "debian",
    userData: `#cloud-config\n${JSON.stringify({ disable_root: false, ssh_keys: keys })}`,
    authorizedKeys: [deployKey.publicKey],
    delaySeconds: 0,
    metadata: { index: "" },
    addresses: [],
  });
  machine = server.machine;
  box = containerOf(machine);
  target = {
    name: "debian",
    address: server.address,
    hostKey: hostKey.publicKey,
    identity: deployKey.privateKey,
    user: "root",
  };
  toplevel = await build(
    `({ lib, ... }: {
      boot = {
        isContainer = lib.mkForce false;
        loader = { initScript.enable = lib.mkForce false; grub.device = "/dev/sda"; };
      };
      fileSystems."/" = { device = "/dev/sda1"; fsType = "ext4"; };
      networking = { hostName = "nixos"; useDHCP = false; };
      services.openssh.enable = true;
      users.users.root.openssh.authorizedKeys.keys = [ "${deployKey.publicKey}" ];
    })`,
    printModule(takeOverModule() as NixModule),
  );
});
afterAll(() => removeServer(machine));

/** What a deployment does with a machine that may be another distribution's. */
async function install(host: Host): Promise<Host> {
  if (await hasBootedNixos(host)) return host;
  await installNix(host, toplevel);
  await copyClosure(host, [toplevel]);
  await takeOver(host, toplevel);
  return rebootInto(host, toplevel, { reconnect: () => connect(target), timeoutMs: 60_000 });
}

/** A connection that is lost after so many commands: the machine has done the last one, and nobody hears of it. */
function losing(host: Host, commands: number): Host {
  let left = commands;
  return {
    ...host,
    name: host.name,
    address: host.address,
    dial: (...args) => host.dial(...args),
    close: () => host.close(),
    async run(argv, options) {
      const result = await host.run(argv, options);
      if (left === 0) throw new Error("lost");
      left -= 1;
      return result;
    },
  };
}

test("Debian has no Nix, and is no NixOS", async () => {
  const host = await connect(target, { waitMs: 60_000 });
  expect(await hasBootedNixos(host)).toBe(false);
  expect(
    (await host.run(["sh", "-c", "command -v nix nix-store; ls -d /nix /etc/NIXOS"], { check: false }))
      .stdout,
  ).toBe("");
  await inside("echo theirs > /root/theirs; mkdir -p /srv/.hidden; echo 7 > /var/theirs");
  await host.close();
});

test("an installation that is cut after any of its steps goes on with the next one, and ends in NixOS", async () => {
  const boot = box.bootId();
  const id = await inside("cat /etc/machine-id");
  let host = await connect(target);
  let cuts = 0;
  for (; ; cuts += 1) {
    try {
      host = await install(losing(host, cuts));
      break;
    } catch (error) {
      expect((error as Error).message).toBe("lost");
      await host.close();
      host = await connect(target, { waitMs: 60_000 });
    }
  }
  expect(cuts).toBeGreaterThan(5);
  expect(box.bootId()).not.toBe(boot);
  expect(
    await inside("readlink -f /run/booted-system /run/current-system /nix/var/nix/profiles/system | uniq"),
  ).toBe(toplevel);
  expect(await inside("cat /proc/sys/kernel/hostname")).toBe("nixos");
  expect(await inside("cat /etc/machine-id")).toBe(id);
  await host.close();
});

test("what was there before lies aside, but the host keys, and nothing is left of the installation", async () => {
  expect(await inside("cat /old-root/root/theirs /old-root/var/theirs; ls -A /old-root/srv; ls /root")).toBe(
    "theirs\n7\n.hidden",
  );
  expect(await inside("ls /etc/debian_version /nix/.firn 2>/dev/null || true")).toBe("/nix/.firn:");
  await expect(connect({ ...target, hostKey: (await generateKeyPair("other")).publicKey })).rejects.toThrow(
    "host key",
  );
});

test("the machine has its system's Nix, and an installed machine is left alone", async () => {
  const host = await connect(target);
  expect((await host.run(["nix-store", "--check-validity", toplevel])).exitCode).toBe(0);
  const boot = box.bootId();
  expect(await install(host)).toBe(host);
  expect(box.bootId()).toBe(boot);
  await host.close();
});
