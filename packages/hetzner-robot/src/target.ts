import type { Host, MachineSpec, Target } from "@firn/nixos";
import { devicesOf, erasableDisks, notConfirmed, onDisks, resourceName, rootSsh } from "@firn/nixos/cloud";
import * as pulumi from "@pulumi/pulumi";
import type { RobotArgs } from "./args.js";
import { robotModule } from "./module.js";
import { RobotServer } from "./server.js";
import { RobotSshKey } from "./ssh-key.js";
import { ROBOT_URL } from "./web-service.js";

/**
 * A target of one dedicated server of Hetzner, which you have already. Its first deployment boots the rescue system, and
 * installs NixOS on its disks.
 *
 * @example robot({ server: 123456, user: "#ws+abc", password: config.requireSecret("robotPassword"), disks })
 */
export function robot(args: RobotArgs): Target {
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      const name = `${machine.network}-${machine.name}`;
      const { server: number, reinstall = 0, rdns, onDestroy, disks: layout } = args;
      const account = { url: args.url ?? ROBOT_URL, user: args.user, password: pulumi.secret(args.password) };
      const confirmed = erasableDisks(name) !== undefined;
      const { module, ...disks } = onDisks(machine, layout, reinstall);
      const { publicKey } = machine.deployKey();
      const key = machine.shared(
        `robot/ssh-key/${typeof args.user === "string" ? args.user : ""}`,
        (shared) => {
          const keyName = resourceName([machine.network, machine.stack]);
          return new RobotSshKey(machine.network, { ...account, name: keyName, publicKey }, shared);
        },
      );
      const server = new RobotServer(
        name,
        {
          ...account,
          server: number,
          reinstall,
          deployPublicKey: publicKey,
          ...(rdns === undefined ? {} : { rdns }),
          ...(onDestroy === undefined ? {} : { onDestroy }),
          ...(confirmed
            ? {}
            : {
                unconfirmed: `Server ${number} would be reset into its rescue system. ${notConfirmed(name, devicesOf(disks.disks))}`,
              }),
        },
        pulumi.mergeOptions(opts, { dependsOn: [key] }),
      );
      return {
        id: server.id,
        address: server.address,
        privateAddress: server.address,
        ssh: { ...rootSsh(machine), temporaryHostKey: server.rescueHostKey },
        ...disks,
        module: {
          imports: [
            module,
            robotModule({
              system: machine.system,
              deployPublicKey: publicKey,
              ipv6Network: server.ipv6Network,
              interface: args.interface ?? "eth0",
            }),
          ],
        } as Host["module"],
      };
    },
  };
}
