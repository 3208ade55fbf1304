import { LEFT_OUT } from "../behaviour/left-out.js";
import { behaviours } from "../behaviour/suite.js";
import type { Ground } from "../behaviour/under-test.js";
import type { Project } from "../e2e/project.js";
import { readSeed } from "./stand-in/seed.js";
import { useVirtualbox } from "./virtualbox.js";

behaviours({
  name: "virtualbox",
  imports: `import { virtualbox } from "@firn/virtualbox";`,
  target: ({ size = "small", region = "home", volumes }) =>
    `virtualbox({ memory: ${{ small: 2048, large: 4096 }[size]}, image: "images/${{ home: "debian-13-generic-amd64.raw", away: "debian-12.vdi" }[region]}"${
      volumes ? `, volumes: ${volumes}` : ""
    } })`,
  kinds: { server: "VirtualMachine", volume: "VirtualDisk" },
  inputs: { size: "memory", region: "image" },
  leftOut: LEFT_OUT.virtualbox,
  standsOn: groundOf,
});

function groundOf(project: Project): Ground {
  const server = useVirtualbox(project);
  const { state } = server;
  const find = (name: string) => {
    const found = [...state.machines.values()].find((vm) => vm.name === `net-dev-${name}`);
    if (!found) throw new Error(`no machine ${name}`);
    return found;
  };
  const run = async (...argv: string[]) => {
    const { exitCode, stderr } = await server.answer(argv);
    if (exitCode !== 0) throw new Error(stderr);
  };
  return {
    requests: () => server.log.splice(0),
    left: () => [
      ...[...state.machines.values()].map(({ name }) => name),
      ...state.media.keys(),
      ...state.hostOnly.map(({ name }) => name),
      ...state.notes.keys(),
    ],
    server: async (name) => ({ id: find(name).uuid, machine: find(name).machine ?? "" }),
    lose: async (name) => {
      const { uuid, controllers } = find(name);
      await run("controlvm", uuid, "poweroff");
      await new Promise((resolve) => setTimeout(resolve, 500));
      // Whoever deletes a machine in the manager's window, and wants to keep its second disk, takes that out first.
      for (const [port] of [...(controllers.get("SATA")?.attached ?? [])].filter(([port]) => port > 1))
        await run(
          "storageattach",
          uuid,
          "--storagectl=SATA",
          `--port=${port}`,
          "--device=0",
          "--medium=none",
        );
      await run("unregistervm", uuid, "--delete-all");
    },
    tire: () => {
      state.faults = { bootSeconds: 2 };
    },
    heal: () => {
      state.faults = {};
    },
    refuseServers: () => {
      state.faults = {
        refuseStart: "VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)",
      };
      return { message: "Switch on hardware virtualisation" };
    },
    labels: {
      of: async (name) => find(name).notes.get("Firn/Owner"),
      expected: `${project.name}/dev/net/web`,
    },
    firstBoot: {
      told: async (name) => {
        const cd = find(name).controllers.get("SATA")?.attached.get(1);
        return readSeed(cd?.medium ?? "").userData;
      },
      url: "",
    },
    refuseResize: () => {
      state.faults = { memory: 4000 };
      return "this computer has 4000 MiB in all";
    },
    volumes: () => [...state.media.keys()].filter((path) => path.includes("Firn volumes")).length,
  };
}
