/** Is there once a server has booted for the first time. */
export const BOOTED = "/usr/lib/cloud/booted";

/** What a server's first boot goes by. */
export interface FirstBoot {
  /** What the image is; default Debian with cloud-init. */
  readonly distribution?: "debian" | "nixos";
  /** As the user gave it: `#cloud-config` and JSON, or, for NixOS' images of EC2, host keys in their way. */
  readonly userData: string;
  /** Keys that the cloud's account knows, which open root's account. */
  readonly authorizedKeys: readonly string[];
  readonly delaySeconds: number;
}

/** The keys of cloud-config that the stand-in's image knows, as cloudinit.readthedocs.io has them (modules cc_ssh, cc_write_files). */
interface CloudConfig {
  readonly disable_root?: boolean;
  readonly ssh_keys?: { readonly ed25519_private: string; readonly ed25519_public: string };
  readonly ssh_authorized_keys?: readonly string[];
  readonly write_files?: readonly {
    readonly path: string;
    readonly content: string;
    readonly permissions?: string;
  }[];
}

const KNOWN = ["disable_root", "ssh_authorized_keys", "ssh_keys", "write_files"];

/**
 * What cloud-init, or its counterpart of NixOS' images, does before sshd starts, as a shell script.
 *
 * @throws an error for user data that the image does not know: a real one might, and nobody would have tried it
 */
export function firstBootScript({
  distribution = "debian",
  userData,
  authorizedKeys,
  delaySeconds,
}: FirstBoot): string {
  const config =
    distribution === "nixos" && !userData.startsWith("#cloud-config")
      ? parseHostKeys(userData)
      : parse(userData);
  // Debian's image closes root's account to ssh unless it is told not to (cloud.cfg: disable_root: true).
  const keys =
    config.disable_root === false ? [...authorizedKeys, ...(config.ssh_authorized_keys ?? [])] : [];
  return [
    "#!/bin/sh",
    "set -eu",
    `sleep ${delaySeconds}`,
    "install -d -m 700 /root/.ssh",
    file("/root/.ssh/authorized_keys", "600", keys.map((key) => `${key}\n`).join("")),
    // Host keys of the image are deleted, and made anew only where none is given (ssh_deletekeys).
    "rm -f /etc/ssh/ssh_host_*",
    ...(config.ssh_keys
      ? [
          file("/etc/ssh/ssh_host_ed25519_key", "600", config.ssh_keys.ed25519_private),
          file("/etc/ssh/ssh_host_ed25519_key.pub", "644", config.ssh_keys.ed25519_public),
        ]
      : ["ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key"]),
    ...(config.write_files ?? []).map((each) => file(each.path, each.permissions ?? "644", each.content)),
    `touch ${BOOTED}`,
    "",
  ].join("\n");
}

function parse(userData: string): CloudConfig {
  if (userData === "") return {};
  if (!userData.startsWith("#cloud-config\n"))
    throw new Error("the stand-in's image reads cloud-config only");
  const config = JSON.parse(userData.slice("#cloud-config\n".length));
  const unknown = Object.keys(config).filter((key) => !KNOWN.includes(key));
  if (unknown.length > 0)
    throw new Error(`the stand-in's image does not know ${unknown.join(", ")} of cloud-config`);
  return config;
}

/** nixpkgs' virtualisation/ec2-data.nix; what has other lines is a configuration to amazon-init.nix. */
function parseHostKeys(userData: string): CloudConfig {
  const lines = userData.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const other = lines.find((line) => !line.startsWith("SSH_HOST_"));
  if (other !== undefined) throw new Error(`the stand-in's image of NixOS takes no configuration: ${other}`);
  const value = (key: string) => lines.find((line) => line.startsWith(`${key}:`))?.slice(key.length + 1);
  const ed25519_private = value("SSH_HOST_ED25519_KEY")?.replaceAll("|", "\n");
  const ed25519_public = value("SSH_HOST_ED25519_KEY_PUB");
  return {
    disable_root: false,
    ...(ed25519_private && ed25519_public
      ? { ssh_keys: { ed25519_private: `${ed25519_private}\n`, ed25519_public: `${ed25519_public}\n` } }
      : {}),
  };
}

function file(path: string, mode: string, content: string): string {
  const base64 = Buffer.from(content).toString("base64");
  return `(umask 077; echo ${base64} | base64 -d > ${path}); chmod ${mode} ${path}`;
}
