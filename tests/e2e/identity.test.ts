import { afterAll, beforeAll, expect, test } from "vitest";
import { keyPair } from "../host/key-pair.js";
import { containerOf, type LabContainer } from "../lab/lab.js";
import { Project, type ResourceState } from "./project.js";

/** Who the machines of a network are, and by which way they are reached, step by step. */
const project = new Project("identity");
/** With which the bastion logs in to the database. */
const user = keyPair();

const program = (db = "") => `
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
const bastion = net.machine("bastion");
net.machine("db", {
  via: bastion,
  config: { users: { users: { root: { openssh: { authorizedKeys: { keys: [${JSON.stringify(user.publicKey.trim())}] } } } } } },
  ${db}
});
`;

let bastion: LabContainer;
let db: LabContainer;

beforeAll(() => project.init());
afterAll(() => project.dispose());

async function resource(type: string, name: string): Promise<ResourceState> {
  const found = (await project.resources()).find((each) => each.urn.endsWith(`:${type}::net-${name}`));
  return found ?? expect.fail(`no ${type} ${name}`);
}

/** Logs in from the bastion to the database, whose host key must be known there. */
const login = async (name: string) => {
  const options = ["-F", "none", "-i", "/root/key", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"];
  const none = ["-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=5"];
  const known = ["-o", "GlobalKnownHostsFile=/etc/ssh/ssh_known_hosts"];
  return (await bastion.exec(["ssh", ...options, ...none, ...known, `root@${name}`, "hostname"])).trim();
};
const hostKeyOf = async (machine: LabContainer) =>
  (await machine.exec(["ssh-keygen", "-y", "-f", "/etc/ssh/ssh_host_ed25519_key"]))
    .split(" ", 2)
    .join(" ")
    .trim();
/** Gives a machine's sshd another key by hand. */
const giveKey = (machine: LabContainer, privateKey: string) => {
  const script = `umask 077; printf '%s' "$1" >/root/new; mv /root/new /etc/ssh/ssh_host_ed25519_key; systemctl restart sshd`;
  return machine.exec(["sh", "-c", script, "sh", privateKey]);
};

test("a machine behind one that is made in the same run: previewed, deployed through it, after it", async () => {
  project.program(program());
  const preview = await project.preview();
  expect(preview.exitCode, preview.output).toBe(0);
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  [bastion, db] = (await Promise.all(
    ["bastion", "db"].map(async (name) => containerOf((await resource("Container", name)).id as string)),
  )) as [LabContainer, LabContainer];
  const accepted = await db.exec(["journalctl", "--output=cat", "--grep=^Accepted", "--no-pager"]);
  expect(accepted).toContain(`from ${bastion.address} `);
  expect(accepted.match(/ from (\S+) /g)?.every((from) => from === ` from ${bastion.address} `)).toBe(true);
  const system = (await resource("System", "db")) as ResourceState & { dependencies?: string[] };
  expect(system.dependencies).toContain((await resource("System", "bastion")).urn);
  expect(system.inputs?.via).toEqual([
    { name: "bastion", address: bastion.address, port: 22, user: "root", hostKey: await hostKeyOf(bastion) },
  ]);
});

test("machines know each other's host keys by name and address", async () => {
  await bastion.exec(["sh", "-c", `umask 077; printf '%s' '${user.privateKey}' >/root/key`]);
  for (const name of ["db", "db.net.internal", db.address]) expect(await login(name)).toBe("db");
});

test("another number gives a machine another host key, in place, and its peers know it in the same run", async () => {
  const [before, boot] = [await hostKeyOf(db), db.bootId()];
  project.program(program("hostKeyRotation: 1,"));
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  expect(up.output).toContain("replacing its host key");
  const now = await hostKeyOf(db);
  expect(now).not.toBe(before);
  expect((await resource("System", "db")).outputs?.hostKey).toBe(now);
  expect((await resource("Container", "db")).id).toBe(db.id);
  expect(db.bootId()).toBe(boot);
  expect(await login("db")).toBe("db");
  // The state knows the way and the key, so that a refresh gets there.
  const refreshed = await project.refresh();
  expect(refreshed.exitCode, refreshed.output).toBe(0);
  const again = await project.up();
  expect(again.output).toMatch(/\d+ unchanged/);
  expect(again.output).not.toMatch(/[1-9]\d* (updated|replaced|created)/);
});

test("a rotation that was cut off after the machine had the new key is finished by the next run", async () => {
  // With a key that is neither the old nor the new one, the machine is another one: nothing is sent to it.
  const stranger = keyPair();
  await giveKey(db, stranger.privateKey);
  project.program(program("hostKeyRotation: 2,"));
  const failed = await project.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toContain('machine "db", phase connect: db: the host at');
  expect(failed.output).toContain(`offered:  ${stranger.fingerprint}`);
  expect(await hostKeyOf(db)).toBe(stranger.publicKey.trim());

  // What an interrupted rotation leaves: the machine has the key that the stack made, and the System does not know it.
  const shown = await project.pulumi("stack", "export", "--show-secrets");
  const keys = JSON.parse(shown.output).deployment.resources.find((each: ResourceState) =>
    each.urn.endsWith("::net-db-host-key"),
  ).outputs;
  await giveKey(db, JSON.parse(keys.privateKey.plaintext));
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  expect((await resource("System", "db")).outputs?.hostKey).toBe(keys.publicKey);
  expect(await login("db")).toBe("db");
});
