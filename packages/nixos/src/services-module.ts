import { readFileSync } from "node:fs";
import { type Expression, type NixModule, nix } from "@firn/nix";

const FILES = new URL("../nix/", import.meta.url);

/**
 * The physical half of a machine whose host stays another distribution's: what is deployed is not a NixOS system, but the
 * units, files in `/etc` and packages that the configuration adds to a bare one (`nix/services.nix`).
 */
export function servicesModule(): NixModule {
  const profile = text(readFileSync(new URL("services.nix", FILES), "utf8"));
  const script = readFileSync(new URL("services.sh", FILES), "utf8");
  return {
    boot: { isContainer: true },
    networking: { useDHCP: false },
    environment: {
      etc: {
        "profile.d/firn-services.sh": {
          text: "PATH=$PATH:/nix/var/nix/profiles/system/sw/bin\n",
        },
      },
    },
    systemd: {
      services: {
        "firn-services": {
          description: "Services of Firn's profile, as of the last confirmed deployment",
          wantedBy: ["multi-user.target"],
          // A deployment has made the link in /run, and knows better what shall run.
          unitConfig: {
            ConditionPathExists: [
              "/nix/var/nix/profiles/system/bin/switch-to-configuration",
              "!/run/current-system",
            ],
          },
          serviceConfig: {
            Type: "oneshot",
            RemainAfterExit: true,
            ExecStart: "/nix/var/nix/profiles/system/bin/switch-to-configuration at-boot",
          },
          restartIfChanged: false,
        },
      },
    },
    system: {
      build: {
        firnServices: nix`(${profile}) { inherit config lib pkgs modulesPath; script = ${script}; }`,
      },
    },
  };
}

/** Nix text that lies in a file, as an expression. */
function text(content: string): Expression {
  const strings = [content.trimEnd()];
  return nix(Object.assign(strings, { raw: strings })) as Expression;
}
