import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Project, type PulumiResult } from "../e2e/project.js";
import { containerOf } from "../lab/lab.js";
import { pageAt } from "../lab/probe.js";
import type { Account } from "./plugin/account.js";
import type { Stored } from "./plugin/cloud.js";
import type { Properties } from "./plugin/schema.js";
import { useStandIns } from "./stand-ins.js";

/** How the suite makes a machine of a target. */
export interface TargetOptions {
  readonly size?: "small" | "large";
  /** Two regions whose private networks do not reach each other. */
  readonly region?: "home" | "away";
  /** TypeScript of its volumes. */
  readonly volumes?: string;
}

/** What the suite must know of a cloud. */
export interface CloudUnderTest {
  /** Name of its Pulumi provider, and of its folder beside this file. */
  readonly name: string;
  /** The stand-in's account whose state lies in a directory. */
  account(directory: string): Account;
  /** Line that imports the target. */
  readonly imports: string;
  /** TypeScript of the target. */
  target(options: TargetOptions): string;
  /** Kinds of its resources, as the last part of their type. */
  readonly kinds: { readonly server: string; readonly firewall: string; readonly volume: string };
  /** What a server, or a firewall without an input `name`, is called; default: its input `name`. */
  readonly nameOf?: (inputs: Properties) => unknown;
  /** Inputs of a server. */
  readonly inputs: { readonly size: string; readonly region: string };
  /** TCP ports that a firewall opens to everybody. */
  openPorts(firewall: Properties): string[];
  /** Whether a server carries network, stack, machine and tag. */
  readonly labels: (server: Properties) => unknown;
  readonly expectedLabels: unknown;
  /** What the cloud says when no more servers can be had, and how the suite sees that a size cannot be had. */
  readonly quotaMessage: string;
  /** Path of user data on the metadata service. */
  readonly userData: string;
  /** User data among a server's inputs; by default it is an input of that name. */
  userDataOf?(server: Properties): unknown;
  /** Where private networks span regions: a server's address in it, of its outputs. */
  addressAcrossRegions?(server: Properties): unknown;
}

/** Of btrfs, because on computers where root lacks CAP_SYS_RESOURCE no ext4 grows while it is mounted. */
const volumes = (size: number) => `{ data: { size: ${size}, mountPoint: "/srv/data", fsType: "btrfs" } }`;

/** The suite of behaviours: one network's life on a cloud; each test goes on from the one before. */
export function behaviours(under: CloudUnderTest): void {
  describe(`@firn/${under.name}`, () => {
    const project = new Project(under.name);
    const clouds = useStandIns(project, [under.name]);
    const account = under.account(clouds);
    const { cloud } = account;
    const { server, firewall, volume } = under.kinds;
    const { userDataOf = ({ userData }) => userData } = under;

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
      cloud.faults = {};
      await project.dispose();
    });

    const nameOf = under.nameOf ?? ((inputs: Properties) => inputs.name);
    const find = (name: string): Stored => {
      const found = cloud.list(server).find(({ inputs }) => String(nameOf(inputs)).endsWith(`-${name}`));
      if (!found) throw new Error(`no server ${name}`);
      return found;
    };
    const machine = (name: string) => containerOf(find(name).hidden.machine ?? "");
    const inside = async (name: string, ...argv: string[]) => (await machine(name).exec(argv)).trim();
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

    test("preview shows what will be made, evaluates it, and asks nothing of the cloud", async () => {
      program({});
      const output = await succeeded(project.preview());
      expect(output).toMatch(new RegExp(`:${server}: \\(create\\)`));
      // Nothing is known of machines that do not exist, and the firewall's rules all the same.
      expect(output).toMatch(/"?80"?/);
      expect(project.evaluations()).toBeGreaterThan(0);
      expect(cloud.requests()).toEqual([]);
    });

    test("up makes the machines and wires them over the private network", async () => {
      cloud.faults = {
        bootSeconds: 2,
        addressSeconds: 1,
        answers: [{ request: `create ${server}`, status: 429, times: 2 }],
      };
      await succeeded(project.up());
      cloud.faults = {};
      expect(await answer()).toBe("one");
      const { addresses } = (await project.outputs()) as unknown as { addresses: [string, string] };
      expect(addresses[0]).not.toBe(addresses[1]);
      expect(await inside("web", "cat", "/etc/hosts")).toMatch(
        new RegExp(`^${addresses[1].replaceAll(".", "\\.")} db `, "m"),
      );
      expect(under.labels(find("web").inputs)).toEqual(under.expectedLabels);
      const opened = (name: string) =>
        under.openPorts(
          cloud.list(firewall).find(({ inputs }) => String(inputs.name ?? nameOf(inputs)).endsWith(name))
            ?.inputs ?? {},
        );
      expect(opened("web").sort()).toEqual(["22", "60000-60010", "80"]);
      expect(opened("db").sort()).toEqual(["22", "5432"]);
    });

    test("no secret lies open in the state, and the server's user data has come with its first boot", async () => {
      expect(JSON.stringify(await project.resources())).not.toContain("OPENSSH PRIVATE KEY");
      const userData = userDataOf(find("web").inputs);
      expect(await inside("web", "busybox", "wget", "-qO-", `http://169.254.169.254/${under.userData}`)).toBe(
        String(userData).trim(),
      );
    });

    test("a second up changes nothing and asks nothing of the cloud", async () => {
      cloud.requests();
      project.evaluations();
      expect(await succeeded(project.up())).not.toMatch(/\d+ (created|updated|replaced)/);
      expect(cloud.requests()).toEqual([]);
      expect(project.evaluations()).toBe(0);
    });

    test("a change is shown where it will be, and changes no more than that", async () => {
      program({ greeting: "two", webConfig: "environment: { systemPackages: [pkgs.hello] }," });
      const output = await succeeded(project.preview());
      expect(output).toMatch(/units: ~ minidb\.service/);
      expect(output).toMatch(/packages: \+ hello/);
      expect(output).not.toMatch(new RegExp(`:${server}: `));
    });

    test("a resize is refused with the cloud's reason, and then done in place", async () => {
      const before = find("web");
      const boot = machine("web").bootId();
      program({ greeting: "two", web: { size: "large" }, db: { volumes: volumes(10) } });
      cloud.faults = { refuseResize: "this size cannot be had here" };
      expect(await failed(project.up())).toContain("this size cannot be had here");
      cloud.faults = {};
      const output = await succeeded(project.preview());
      expect(output).toMatch(new RegExp(`:${server}: \\(update\\)`));
      expect(output).toContain(under.inputs.size);
      await succeeded(project.up());
      expect(find("web").id).toBe(before.id);
      expect(machine("web").bootId()).not.toBe(boot);
      // Switched on again, it has booted the system that was deployed to it.
      expect(await inside("web", "readlink", "/run/booted-system")).toMatch(/^\/nix\/store\/.*nixos-system/);
      expect(await answer()).toBe("two");
    });

    const sizeOfVolume = async () =>
      Number((await inside("db", "df", "-k", "/srv/data")).split(/\s+/).at(-5));

    test("a volume that was added has been formatted and mounted", async () => {
      expect(await sizeOfVolume()).toBeGreaterThan(9e6);
      await inside("db", "sh", "-c", "echo kept > /srv/data/file");
    });

    test("another region is another server, and the preview says so", async () => {
      const before = find("web").hidden.machine;
      program({ greeting: "two", web: { region: "away" }, db: { volumes: volumes(20) } });
      const output = await succeeded(project.preview());
      expect(output).toMatch(new RegExp(`:${server}: \\(replace\\)`));
      expect(output).toContain(under.inputs.region);
      await succeeded(project.up());
      expect(find("web").hidden.machine).not.toBe(before);
      // Where private networks end at the region, the two reach each other at their public addresses.
      const { outputs, hidden } = find("web");
      const address = under.addressAcrossRegions?.(outputs) ?? hidden.address ?? machine("web").address;
      expect(await inside("db", "cat", "/etc/hosts")).toMatch(
        new RegExp(`^${String(address).replaceAll(".", "\\.")} web `, "m"),
      );
    });

    test("the volume, which became larger meanwhile, has grown with what is on it", async () => {
      expect(await sizeOfVolume()).toBeGreaterThan(18e6);
      expect(await inside("db", "cat", "/srv/data/file")).toBe("kept");
      expect(cloud.list(volume)).toHaveLength(1);
    });

    test("a server that is gone is found by refresh and made anew, with the data of its volume", async () => {
      await account.lose(find("db"));
      expect(await succeeded(project.refresh())).toMatch(/delete/);
      await succeeded(project.up());
      expect(await inside("db", "cat", "/srv/data/file")).toBe("kept");
    });

    test("what fails, fails alone; the next up goes on from there", async () => {
      const more = `net.machine("extra", {});`;
      program({ greeting: "three", web: { region: "away" }, db: { volumes: volumes(20) }, more });
      cloud.faults = { quota: { [server]: 2 } };
      expect(await failed(project.up("--continue-on-error"))).toContain(under.quotaMessage);
      expect(await inside("db", "busybox", "wget", "-qO-", "http://127.0.0.1:5432/greeting")).toBe("three");
      cloud.faults = { answers: [{ request: `create ${server}`, status: 503, times: 1, afterwards: true }] };
      expect(await failed(project.up())).toContain("HTTP 503");
      const made = find("extra").id;
      await succeeded(project.up());
      expect(find("extra").id).toBe(made);
      expect(await inside("extra", "cat", "/etc/hosts")).toMatch(/ db /);
    });

    test("destroy leaves nothing", async () => {
      await succeeded(project.destroy());
      expect(cloud.list().map(({ type, id }) => `${type} ${id}`)).toEqual([]);
      expect(await project.resources()).toEqual([]);
    });
  });
}
