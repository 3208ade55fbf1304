import type { Host, MachineSpec, Target } from "@firn/nixos";
import {
  cloudConfig,
  resourceName,
  rootSsh,
  takeOverModule,
  transformed,
  volumeModule,
  withoutStop,
} from "@firn/nixos/cloud";
import type { VirtualMachine, VirtualMachineArgs } from "@pulumi/azure-native/compute/virtualMachine.js";
import * as pulumi from "@pulumi/pulumi";
import type { AzureArgs } from "./args.js";
import { recordsOf } from "./dns.js";
import { azureModule, deviceOf } from "./module.js";
import { networkOf } from "./network.js";
import { sdk } from "./sdk.js";
import { resourceGroupOf } from "./shared.js";
import { tagsOf } from "./tags.js";
import { type Volume, volumesOf } from "./volumes.js";

/**
 * A target of virtual machines on Azure. Subscription and credentials are Pulumi's:
 * `pulumi config set azure-native:subscriptionId`.
 *
 * @example azure({ vmSize: "Standard_B2s", location: "westeurope" })
 */
export function azure(args: AzureArgs): Target {
  return {
    provision(machine: MachineSpec, opts: pulumi.CustomResourceOptions): Host {
      const network = networkOf(machine, args, opts);
      const volumes = volumesOf(machine, args, opts);
      const vm = virtualMachineOf(machine, args, network.nic, volumes, opts);
      const address = network.publicAddress ?? network.privateAddress;
      recordsOf(machine, args, { A: address, AAAA: network.publicIpv6Address }, opts);

      const deployKey = machine.deployKey();
      const luns = volumes.map(({ lun }) => lun);
      return {
        id: vm.vmId,
        address,
        privateAddress: network.privateAddress,
        privateNetwork: network.privateNetwork,
        behindNat: network.publicAddress === undefined,
        ssh: { ...rootSsh(machine), temporaryHostKey: machine.temporaryHostKey().publicKey },
        install: "in-place",
        module: {
          imports: [
            takeOverModule(),
            azureModule({ system: machine.system, deployPublicKey: deployKey.publicKey, luns }),
            // Told once the machine has them: no system that mounts them is deployed before.
            ...volumes.map((volume) =>
              volumeModule(
                vm.vmId.apply(() => deviceOf(volume.lun)),
                volume.args,
              ),
            ),
          ],
        },
      };
    },
  };
}

/** Makes the virtual machine itself. */
function virtualMachineOf(
  machine: MachineSpec,
  args: AzureArgs,
  nic: pulumi.Output<string>,
  volumes: readonly Volume[],
  opts: pulumi.CustomResourceOptions,
): VirtualMachine {
  const {
    vmSize,
    location,
    image,
    diskSize = 30,
    resourceGroup,
    subnet,
    firewall,
    publicIp,
    ipv6,
    stop,
    spot,
    volumes: _volumes,
    rdns,
    dns,
    transform = {},
    ...raw
  } = args;
  const name = resourceName([machine.network, machine.stack, machine.name]);
  const deployKey = machine.deployKey().publicKey;
  const vmArgs: VirtualMachineArgs = {
    ...(spot ? SPOT : {}),
    // What the serial console needs.
    diagnosticsProfile: { bootDiagnostics: { enabled: true } },
    ...raw,
    resourceGroupName: resourceGroupOf(machine, args),
    vmName: name,
    location,
    hardwareProfile: { vmSize },
    networkProfile: { networkInterfaces: [{ id: nic, primary: true }] },
    storageProfile: {
      imageReference: pulumi.output(image ?? imageFor(machine.system)).apply(imageReference),
      osDisk: {
        name: resourceName([machine.network, machine.stack, machine.name, location]),
        createOption: "FromImage",
        deleteOption: "Delete",
        diskSizeGB: diskSize,
        managedDisk: { storageAccountType: "StandardSSD_LRS" },
      },
      dataDisks: volumes.map(({ id, lun }) => ({
        lun,
        createOption: "Attach",
        deleteOption: "Detach",
        managedDisk: { id },
      })),
    },
    osProfile: {
      computerName: name,
      adminUsername: "firn",
      customData: cloudConfig(machine.temporaryHostKey(), deployKey).apply((text) =>
        Buffer.from(text).toString("base64"),
      ),
      allowExtensionOperations: false,
      linuxConfiguration: {
        disablePasswordAuthentication: true,
        provisionVMAgent: false,
        ssh: { publicKeys: [{ path: "/home/firn/.ssh/authorized_keys", keyData: deployKey }] },
      },
    },
    tags: pulumi.output(raw.tags).apply((tags) => ({ ...tagsOf(machine, "machine"), ...tags })),
  };
  // They count for the first boot only: another version of Firn or another key must not replace a virtual machine.
  const ignoreChanges = ["osProfile", ...(image === undefined ? ["storageProfile.imageReference"] : [])];
  return new (sdk("VirtualMachine"))(
    ...transformed(transform.virtualMachine, `${machine.network}-${machine.name}`, vmArgs, {
      ...opts,
      ...withoutStop(machine, ["hardwareProfile.vmSize"], stop),
      ignoreChanges,
      // Azure refuses to change them, and the provider's preview does not know. Disks cannot be on two machines.
      replaceOnChanges: [
        "priority",
        "storageProfile.imageReference",
        "storageProfile.osDisk.diskSizeGB",
        "zones",
      ],
      deleteBeforeReplace: true,
    }),
  );
}

/** At most the price of a machine that is not a spot one; its disks stay when Azure stops it. */
const SPOT = { priority: "Spot", evictionPolicy: "Deallocate", billingProfile: { maxPrice: -1 } };

/** Ubuntu's images with UEFI ("generation 2"). */
function imageFor(system: string): string {
  return `Canonical:ubuntu-24_04-lts:server${system.startsWith("aarch64") ? "-arm64" : ""}:latest`;
}

/** An image of the marketplace has four names, one of your own has an id. */
function imageReference(image: string) {
  const [publisher = "", offer = "", sku = "", version = "latest"] = image.split(":");
  return image.includes(":") ? { publisher, offer, sku, version } : { id: image };
}
