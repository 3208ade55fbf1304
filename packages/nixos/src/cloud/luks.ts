import { type NixModule, nix, pkgs, str } from "@firn/nix";
import type * as pulumi from "@pulumi/pulumi";
import type { Outputs } from "../config.js";

/** What of an encrypted volume is mounted, and the NixOS configuration that unlocks it. */
export interface Unlocked {
  /** Path of the volume's content. */
  readonly device: string;
  /** The unit that unlocks it. */
  readonly unit: string;
  /** Command that makes the content as large as the volume. */
  readonly resize: ReturnType<typeof str>;
  readonly module: NixModule<Outputs>;
}

/**
 * Encrypts a volume with LUKS: formatted once, where the volume holds nothing that is known, and unlocked by one of the
 * machine's keys. Like everything that needs a key, it waits for it, also after a reboot.
 *
 * @param device path that names the volume
 * @param name of the mapping, which is also in the unit's name
 * @param key name of the key
 * @param mountPoint for messages
 */
export function luks(
  device: pulumi.Input<string>,
  { name, key, mountPoint }: { name: string; key: string; mountPoint: string },
): Unlocked {
  const unit = `luks-${name}`;
  const keyUnit = `${key}-key.service`;
  const keyFile = nix`config.firn.keys.${key}.path or "/run/keys/none"`;
  return {
    device: `/dev/mapper/${name}`,
    unit: `${unit}.service`,
    resize: str`${pkgs.cryptsetup}/bin/cryptsetup resize --key-file ${keyFile} ${name}`,
    module: {
      assertions: [
        {
          assertion: nix`config ? firn.keys.${key}`,
          message: `The volume of ${mountPoint} is encrypted with the key "${key}", which this machine does not have. Declare it in the machine's keys.`,
        },
      ],
      systemd: {
        services: {
          [unit]: {
            description: `Unlock the volume of ${mountPoint}`,
            requires: [keyUnit],
            after: [keyUnit],
            path: [pkgs.cryptsetup, pkgs["util-linux"]],
            serviceConfig: { Type: "oneshot", RemainAfterExit: true },
            environment: { DEVICE: device, NAME: name, KEY: keyFile },
            script: UNLOCK,
            preStop: 'cryptsetup close "$NAME"',
            // A change of its text must not take away what is mounted.
            restartIfChanged: false,
          },
        },
      },
    },
  };
}

/** Formats what holds nothing, and only that: blkid says 2 where it finds nothing at all. */
export const UNLOCK = `tries=30
while [ ! -e "$DEVICE" ] && [ $tries -gt 0 ]; do sleep 1; tries=$((tries - 1)); done
if [ -e "/dev/mapper/$NAME" ]; then exit 0; fi
if ! cryptsetup isLuks "$DEVICE"; then
  found=0
  what=$(blkid -p -o export "$DEVICE") || found=$?
  if [ "$found" != 2 ]; then
    echo "$DEVICE is not encrypted and carries something already, so it is not formatted: $what" >&2
    exit 1
  fi
  cryptsetup luksFormat --batch-mode --type luks2 --key-file "$KEY" "$DEVICE"
fi
cryptsetup open --type luks --key-file "$KEY" "$DEVICE" "$NAME"
`;
