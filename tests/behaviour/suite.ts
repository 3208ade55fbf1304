import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Project, type PulumiResult } from "../e2e/project.js";
import { containerOf } from "../lab/lab.js";
import { pageAt } from "../lab/probe.js";
import type { Aspect, TargetOptions, TargetUnderTest } from "./under-test.js";

/** Of btrfs, because on computers where root lacks CAP_SYS_RESOURCE no ext4 grows while it is mounted. */
const volumesOf = (size: number) => `{ data: { size: ${size}, mountPoint: "/srv/data", fsType: "btrfs" } }`;

/** The suite of behaviours: one network's life on a target; each test goes on from the one before. */
export function behaviours(under: TargetUnderTest): void {
  describe(`@firn/${under.name}`, () => {
    const project = new Project(under.name);
    const ground = under.standsOn(project);
    const { server } = under.kinds;
    const has = (aspect: Aspect) => under.leftOut[aspect] === undefined;
    const testOf = (aspect: Aspect, name: string, work: () => Promise<void>) => {
      if (has(aspect)) test(name, work);
    };
    const volumes = (size: number): TargetOptions => (has("volumes") ? { volumes: volumesOf(size) } : {});

    const program = (options: {
      web?: TargetOptions;
      db?: TargetOptions;
      greeting?: string;
      more?: string;
      webConfig?: string;
    }) =>
      project.program(`${under.imports}
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: ${under.target({})} });
const db = net.machine("db", {
  target: ${under.target(options.db ?? {})},
  config: { services: { minidb: { enable: true, port: 5432, data: { greeting: ${JSON.stringify(options.greeting ?? "one")} } } },
    networking: { firewall: { allowedTCPPorts: [5432] } } },
});
const web = net.machine("web", {
  target: ${under.target(options.web ?? {})},
  tags: ["public"],
  config: { services: { miniweb: { enable: true, port: 80, upstream: pulumi.interpolate\`http://\${db.privateAddress}:5432/greeting\` } },
    networking: { firewall: { allowedTCPPorts: [80], allowedUDPPortRanges: [{ from: 60000, to: 60010 }] } }, ${options.webConfig ?? ""} },
});
${options.more ?? ""}
export const url = pulumi.interpolate\`http://\${web.address}/upstream\`;
export const addresses = [db.address, db.privateAddress];
`);

    beforeAll(async () => {
      await project.init();
    });
    afterAll(async () => {
      ground.heal();
      await project.dispose();
    });

    const machine = async (name: string) => containerOf((await ground.server(name)).machine);
    const inside = async (name: string, ...argv: string[]) => (await (await machine(name)).exec(argv)).trim();
    const answer = async () => {
      const { url = "" } = await project.outputs();
      return pageAt(url);
    };
    const succeeded = async (result: Promise<PulumiResult>) => {
      const { exitCode, output } = await result;
      expect(exitCode, output).toBe(0);
      return output;
    };
    const failed = async (result: Promise<PulumiResult>) => {
      const { exitCode, output } = await result;
      expect(exitCode, output).not.toBe(0);
      return output;
    };
    const named = (address: string, name: string) =>
      new RegExp(`^${address.replaceAll(".", "\\.")} ${name} `, "m");

    test("preview shows what will be made, evaluates it, and asks for nothing", async () => {
      program({});
      const output = await succeeded(project.preview());
      expect(output).toMatch(new RegExp(`:${server}: \\(create\\)`));
      // Nothing is known of machines that do not exist, and the firewall's rules all the same.
      if (has("firewall")) expect(output).toMatch(/"?80"?/);
      expect(project.evaluations()).toBeGreaterThan(0);
      expect(ground.requests()).toEqual([]);
    });

    test("up makes the machines and wires them", async () => {
      ground.tire();
      await succeeded(project.up());
      ground.heal();
      expect(await answer()).toBe("one");
      const { addresses } = (await project.outputs()) as unknown as { addresses: [string, string] };
      if (has("private addresses")) expect(addresses[0]).not.toBe(addresses[1]);
      else expect(addresses[0]).toBe(addresses[1]);
      expect(await inside("web", "cat", "/etc/hosts")).toMatch(named(addresses[1], "db"));
    });

    testOf("labels", "a server says whose it is", async () => {
      expect(await ground.labels?.of("web")).toEqual(ground.labels?.expected);
    });

    testOf("firewall", "the firewall opens what the machine's own opens", async () => {
      expect(ground.firewall?.openPorts("web").sort()).toEqual(["22", "60000-60010", "80"]);
      expect(ground.firewall?.openPorts("db").sort()).toEqual(["22", "5432"]);
    });

    test("no secret lies open in the state", async () => {
      expect(JSON.stringify(await project.resources())).not.toContain("OPENSSH PRIVATE KEY");
    });

    testOf("first boot", "a server's first boot was told its first host key, once", async () => {
      const { told, url } = ground.firstBoot ?? { told: async () => "", url: "" };
      const text = await told("web");
      if (url !== "") expect(await inside("web", "busybox", "wget", "-qO-", url)).toBe(text.trim());
      const key = await inside("web", "cat", "/etc/ssh/ssh_host_ed25519_key.pub");
      // Some clouds want it in base64.
      expect([text, Buffer.from(text, "base64").toString()].join()).not.toContain(key.split(" ")[1]);
    });

    test("a second up changes nothing and asks for nothing", async () => {
      ground.requests();
      project.evaluations();
      expect(await succeeded(project.up())).not.toMatch(/\d+ (created|updated|replaced)/);
      expect(ground.requests()).toEqual([]);
      expect(project.evaluations()).toBe(0);
    });

    test("a change is shown where it will be, and changes no more than that", async () => {
      program({ greeting: "two", webConfig: "environment: { systemPackages: [pkgs.hello] }," });
      const output = await succeeded(project.preview());
      expect(output).toMatch(/units: ~ minidb\.service/);
      expect(output).toMatch(/packages: \+ hello/);
      expect(output).not.toMatch(new RegExp(`:${server}: `));
    });

    test("a resize that is refused says why; then it is done in place", async () => {
      const before = await ground.server("web");
      const boot = (await machine("web")).bootId();
      program({ greeting: "two", web: { size: "large" }, db: volumes(10) });
      if (has("refused resize")) {
        const reason = ground.refuseResize?.() ?? "";
        expect(await failed(project.up())).toContain(reason);
        ground.heal();
      }
      const output = await succeeded(project.preview());
      expect(output).toMatch(new RegExp(`:${server}: \\(update\\)`));
      expect(output).toContain(under.inputs.size);
      await succeeded(project.up());
      expect((await ground.server("web")).id).toBe(before.id);
      if (under.resizeReboots ?? true) {
        expect((await machine("web")).bootId()).not.toBe(boot);
        // Switched on again, it has booted the system that was deployed to it.
        expect(await inside("web", "readlink", "/run/booted-system")).toMatch(
          /^\/nix\/store\/.*nixos-system/,
        );
      } else expect((await machine("web")).bootId()).toBe(boot);
      expect(await answer()).toBe("two");
    });

    const sizeOfVolume = async () =>
      Number((await inside("db", "df", "-k", "/srv/data")).split(/\s+/).at(-5));

    testOf("volumes", "a volume that was added has been formatted and mounted", async () => {
      expect(await sizeOfVolume()).toBeGreaterThan(9e6);
      await inside("db", "sh", "-c", "echo kept > /srv/data/file");
    });

    test("what makes it another server replaces it, and the preview says so", async () => {
      const before = await ground.server("web");
      program({ greeting: "two", web: { region: "away" }, db: volumes(20) });
      const output = await succeeded(project.preview());
      expect(output).toMatch(new RegExp(`:${server}: \\(replace\\)`));
      expect(output).toContain(under.inputs.region);
      await succeeded(project.up());
      expect((await ground.server("web")).machine).not.toBe(before.machine);
      if (has("regions")) {
        // Where private networks end at the region, the two reach each other at their public addresses.
        const address = (await ground.addressAcrossRegions?.("web")) ?? "";
        expect(await inside("db", "cat", "/etc/hosts")).toMatch(named(address, "web"));
      } else expect(await answer()).toBe("two");
    });

    testOf("volumes", "the volume, which became larger meanwhile, has grown with what is on it", async () => {
      expect(await sizeOfVolume()).toBeGreaterThan(18e6);
      expect(await inside("db", "cat", "/srv/data/file")).toBe("kept");
      expect(ground.volumes?.()).toBe(1);
    });

    test("a server that is gone is found by refresh and made anew, with the data of its volume", async () => {
      await ground.lose("db");
      expect(await succeeded(project.refresh())).toMatch(/delete/);
      await succeeded(project.up());
      if (has("volumes")) expect(await inside("db", "cat", "/srv/data/file")).toBe("kept");
      else expect(await answer()).toBe("two");
    });

    test("what fails, fails alone; the next up goes on from there", async () => {
      const { message, target } = ground.refuseServers();
      const settings = { greeting: "three", web: { region: "away" }, db: volumes(20) } as const;
      program({ ...settings, more: `net.machine("extra", { ${target ? `target: ${target}` : ""} });` });
      expect(await failed(project.up("--continue-on-error"))).toContain(message);
      expect(await inside("db", "busybox", "wget", "-qO-", "http://127.0.0.1:5432/greeting")).toBe("three");
      ground.heal();
      program({ ...settings, more: `net.machine("extra", {});` });
      if (has("lost answers")) {
        const lost = ground.loseAnswer?.() ?? "";
        expect(await failed(project.up())).toContain(lost);
        ground.heal();
        const made = (await ground.server("extra")).id;
        await succeeded(project.up());
        expect((await ground.server("extra")).id).toBe(made);
      } else await succeeded(project.up());
      expect(await inside("extra", "cat", "/etc/hosts")).toMatch(/ db /);
    });

    test("destroy leaves nothing", async () => {
      await succeeded(project.destroy());
      expect(ground.left()).toEqual([]);
      expect(await project.resources()).toEqual([]);
    });
  });
}
