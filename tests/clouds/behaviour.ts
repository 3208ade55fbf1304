import { behaviours as suite } from "../behaviour/suite.js";
import type { Ground, TargetOptions } from "../behaviour/under-test.js";
import type { Project } from "../e2e/project.js";
import { containerOf } from "../lab/lab.js";
import type { Account } from "./plugin/account.js";
import type { Stored } from "./plugin/cloud.js";
import type { Properties } from "./plugin/schema.js";
import { useStandIns } from "./stand-ins.js";

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
  /** What the cloud says when no more servers can be had. */
  readonly quotaMessage: string;
  /** Path of user data on the metadata service. */
  readonly userData: string;
  /** User data among a server's inputs; by default it is an input of that name. */
  userDataOf?(server: Properties): unknown;
  /** Where private networks span regions: a server's address in it, of its outputs. */
  addressAcrossRegions?(server: Properties): unknown;
}

/** The suite of behaviours on a cloud's stand-in; nothing is left out. */
export function behaviours(under: CloudUnderTest): void {
  const { name, imports, target, kinds, inputs } = under;
  const standsOn = (project: Project) => groundOf(under, project);
  suite({ name, imports, target, kinds, inputs, leftOut: {}, standsOn });
}

function groundOf(under: CloudUnderTest, project: Project): Ground {
  const account = under.account(useStandIns(project, [under.name]));
  const { cloud } = account;
  const { server, firewall, volume } = under.kinds;
  const { userDataOf = ({ userData }: Properties) => userData } = under;
  const nameOf = under.nameOf ?? ((inputs: Properties) => inputs.name);
  const find = (name: string): Stored => {
    const found = cloud.list(server).find(({ inputs }) => String(nameOf(inputs)).endsWith(`-${name}`));
    if (!found) throw new Error(`no server ${name}`);
    return found;
  };
  return {
    requests: () => cloud.requests(),
    left: () => cloud.list().map(({ type, id }) => `${type} ${id}`),
    server: async (name) => {
      const { id, hidden } = find(name);
      return { id, machine: hidden.machine ?? "" };
    },
    lose: (name) => account.lose(find(name)),
    tire: () => {
      cloud.faults = {
        bootSeconds: 2,
        addressSeconds: 1,
        answers: [{ request: `create ${server}`, status: 429, times: 2 }],
      };
    },
    heal: () => {
      cloud.faults = {};
    },
    refuseServers: () => {
      cloud.faults = { quota: { [server]: 2 } };
      return { message: under.quotaMessage };
    },
    firewall: {
      openPorts: (machine) =>
        under.openPorts(
          cloud.list(firewall).find(({ inputs }) => String(inputs.name ?? nameOf(inputs)).endsWith(machine))
            ?.inputs ?? {},
        ),
    },
    labels: { of: async (name) => under.labels(find(name).inputs), expected: under.expectedLabels },
    firstBoot: {
      told: async (name) => String(userDataOf(find(name).inputs)),
      url: `http://169.254.169.254/${under.userData}`,
    },
    refuseResize: () => {
      cloud.faults = { refuseResize: "this size cannot be had here" };
      return "this size cannot be had here";
    },
    volumes: () => cloud.list(volume).length,
    addressAcrossRegions: async (name) => {
      const { outputs, hidden } = find(name);
      const address = under.addressAcrossRegions?.(outputs) ?? hidden.address;
      return String(address ?? containerOf(hidden.machine ?? "").address);
    },
    loseAnswer: () => {
      cloud.faults = { answers: [{ request: `create ${server}`, status: 503, times: 1, afterwards: true }] };
      return "HTTP 503";
    },
  };
}
