import { quote } from "@firn/host";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canary } from "../../canary/canary.js";
import { CanaryRun } from "../../canary/search.js";
import { containerOf, type LabContainer } from "../../lab/lab.js";
import { Project, type PulumiResult } from "../project.js";

/**
 * The life of one machine's keys, step by step; each test goes on from the one before. Every value is a canary, and at
 * the end nobody has seen one anywhere.
 */
const project = new Project("keys");
const text = canary("an output");
const changed = canary("a changed output");
const file = canary("a file");
const newFile = canary("a changed file");
const command = canary("a command");
const env = canary("a variable");
const run = new CanaryRun([text, changed, file, newFile, command, env], { inEnvironment: [env] });
const tail = ({ value }: { value: string }) => value.slice(-4);
const outputs: string[] = [];
const ON_DISK = `/etc/shop/100% of $HOME's "key"`;

interface Parts {
  keys?: string;
  config?: string;
}

/** The service `reader` notes the end of what its key is whenever it starts. */
const program = ({ keys = KEYS(), config = "" }: Parts = {}) => `
const net = new Network("net", {
  nixpkgs: NIXPKGS, stateVersion: "26.05", target: container(),
  defaults: { keys: { "from-env": { env: "FIRN_TEST_KEY" } } },
});
net.machine("a", {
  keys: { ${keys} },
  config: {
    users: { users: { db: { isSystemUser: true, group: "db" } }, groups: { db: {} } },
    systemd: { services: {
      reader: {
        wantedBy: ["multi-user.target"],
        after: ["pg-password-key.service"],
        requires: ["pg-password-key.service"],
        serviceConfig: { User: "db" },
        script: "tail -c 4 /run/keys/pg-password >>/tmp/reader.log; echo >>/tmp/reader.log; exec sleep infinity",
      },
      late: {
        wantedBy: ["multi-user.target"],
        after: ["keys.target", "from-file-key.service"], wants: ["keys.target", "from-file-key.service"],
        script: "ls /run/keys >/tmp/late.log; exec sleep infinity",
      },
    } },
    ${config}
  },
});
`;

const KEYS = (more = "") => `
    "pg-password": { text: new pulumi.Config().requireSecret("pg"), user: "db", restart: ["reader.service"] },
    "from-file": { file: "secrets/file", path: ${JSON.stringify(ON_DISK)}, permanent: true },
    "from-command": { command: ["cat", "secrets/command"], permissions: "0440", group: "db" },
    ${more}`;

let a: LabContainer;
const inside = (script: string) => a.exec(["sh", "-c", script]);
const stat = async (path: string) => (await inside(`stat -c '%U:%G %a' ${path}`)).trim();
const read = async () => (await inside("cat /tmp/reader.log")).trim().split("\n");
const activation = () => inside("readlink /run/firn/last");
const active = async (...units: string[]) =>
  (await inside(`systemctl is-active ${units.join(" ")} || :`)).trim().split("\n");

async function must(result: Promise<PulumiResult>, fails = false): Promise<string> {
  const { exitCode, output } = await result;
  outputs.push(output);
  expect(exitCode !== 0, output).toBe(fails);
  return output;
}
const events = () => ["--event-log", `events-${outputs.length}.json`];
const up = () => must(project.up(...events()));
const preview = () => must(project.preview(...events()));
const setSecret = (value: string) => {
  project.write("secrets/pg", value);
  return must(project.run("sh", ["-c", "pulumi config set --secret pg <secrets/pg"]));
};
const firn = (...args: string[]) => project.run("npx", ["firn", ...args]);

beforeAll(async () => {
  project.setEnvironment("PULUMI_DEBUG_COMMANDS", "true"); // for --event-log
  project.setEnvironment("FIRN_TEST_KEY", env.value);
  project.write("secrets/file", file.value);
  project.write("secrets/command", `${command.value}\n`);
  project.program(program());
  await project.init();
  await setSecret(text.value);
});
afterAll(() => project.dispose());

test("values that cannot be had end the preview, each named, before anything is made", async () => {
  project.program(
    program({
      keys: KEYS(`
        "failing": { command: ["sh", "-c", "cat secrets/command; echo the vault is sealed >&2; exit 3"] },
        "silent": { command: ["true"] },
        "absent": { file: "secrets/absent" },
        "unset": { env: "FIRN_UNSET" },`),
    }),
  );
  const output = await must(project.preview(...events()), true);
  const said = (key: string, what: string) =>
    expect(output).toMatch(new RegExp(`machine "a" \\(index\\.ts:\\d+\\), key "${key}": ${what}`, "s"));
  said("failing", "the command `sh -c .*` exited with 3:.*the vault is sealed");
  said("silent", "the command `true` printed nothing, and a key needs a value");
  said("absent", "the file secrets/absent cannot be read: it is not there");
  said("unset", "the environment variable FIRN_UNSET is not set");
  expect(output).toContain("The keys of a cannot be read; see above.");
  expect((await project.resources()).length).toBeLessThanOrEqual(1); // the stack itself
});

test("a first preview shows the keys and none of their values", async () => {
  project.program(program());
  const output = await preview();
  expect(output).toMatch(/path *: "\/run\/keys\/pg-password"/);
  expect(output).toMatch(/keyTexts *: \[secret\]/);
  expect(output).toMatch(/digest *: \[unknown\]/);
});

test("keys are there before units start, with owners that the same deployment makes", async () => {
  await up();
  const found = (await project.resources()).find((each) => each.urn.endsWith(":Container::net-a"));
  a = containerOf(found?.id ?? "");
  expect(await read()).toEqual([tail(text)]);
  expect(await stat("/run/keys/pg-password")).toBe("db:root 400");
  expect(await stat("/run/keys/from-command")).toBe("root:db 440");
  expect(await stat("/run/keys")).toBe("root:keys 750");
  expect(await inside(`cat ${quote([ON_DISK])} /run/keys/from-command /run/keys/from-env`)).toBe(
    `${file.value}${command.value}\n${env.value}`,
  );
  expect(await active("pg-password-key", "from-file-key", "keys.target", "late", "reader")).toEqual(
    Array(5).fill("active"),
  );
  expect(await inside("cat /tmp/late.log")).toBe("from-command\nfrom-env\npg-password\n");
  // The mount that NixOS makes over /run/keys is the one that they came into.
  expect(await inside("grep -c ' /run/keys ' /proc/mounts")).toBe("1\n");
});

test("nothing changed: no connection", async () => {
  const before = a.sshAccepted();
  expect(await up()).toMatch(/\d+ unchanged/);
  expect(a.sshAccepted()).toBe(before);
});

test("changed keys alone: the preview names them, one connection sends them, nothing is activated", async () => {
  await setSecret(changed.value);
  project.write("secrets/file", newFile.value);
  expect(await preview()).toMatch(/keys: ~ from-file, ~ pg-password$/m);
  const [activated, connections] = [await activation(), a.sshAccepted()];
  const output = await up();
  expect(output).toContain("keys: sent from-file, pg-password");
  expect(output).toContain("keys: restarted reader.service");
  expect(await read()).toEqual([tail(text), tail(changed)]);
  expect(await inside(`cat ${quote([ON_DISK])}`)).toBe(newFile.value);
  expect(await activation()).toBe(activated);
  expect(a.sshAccepted()).toBe(connections + 1);
});

test("a key and its unit changed together: the unit starts once, with the new key", async () => {
  await setSecret(text.value);
  const config = 'environment: { etc: { probe: { text: "two" } } }, ';
  project.program(program({ config }).replace("exec sleep infinity", "echo >/dev/null; exec sleep infinity"));
  await up();
  expect(await read()).toEqual([tail(text), tail(changed), tail(text)]);
});

test("a failed activation does not show what a unit says of its key, and the next run mends all", async () => {
  project.write("secrets/loud", "very loud secret");
  const keys = KEYS('"loud": { file: "secrets/loud", restart: ["late.service"] },');
  const bad = `bad: { wantedBy: ["multi-user.target"], script: "echo my key is $(cat /run/keys/loud); exit 1" },`;
  project.program(program({ keys }).replace("systemd: { services: {", `systemd: { services: { ${bad}`));
  const output = await must(project.up(...events()), true);
  expect(output).toContain("is [key loud]");
  expect(output).not.toContain("very loud secret");
  expect(output).toContain("was rolled back");
  expect(await active("reader", "late")).toEqual(["active", "active"]);
  project.program(program({ keys }));
  expect(await up()).not.toContain("very loud secret");
  expect(await inside("cat /run/keys/loud")).toBe("very loud secret");
});

test("keys that are declared no more are removed, and their units with them", async () => {
  project.program(program({ keys: KEYS().replace(/"from-file".*\n/, "") }));
  const output = await up();
  expect(output).toMatch(/keys: removed .*\/run\/keys\/loud/);
  expect(await inside("ls /run/keys /etc/shop")).toBe(
    "/etc/shop:\n\n/run/keys:\nfrom-command\nfrom-env\npg-password\n",
  );
  expect(await active("loud-key")).toEqual(["inactive"]);
});

test("a key that vanishes stops its unit and what requires it; refresh sees it, and up puts it back", async () => {
  expect(await active("pg-password-key", "reader")).toEqual(["active", "active"]);
  await inside("rm /run/keys/pg-password; while systemctl --quiet is-active reader; do sleep 0.1; done");
  expect(await active("pg-password-key", "reader")).toEqual(["inactive", "inactive"]);
  await inside("chmod 644 /run/keys/from-env");
  await must(project.refresh());
  expect(await up()).toMatch(/keys: ~ from-env, ~ pg-password$/m);
  expect(await stat("/run/keys/pg-password /run/keys/from-env")).toBe("db:root 400\nroot:root 400");
  await inside("until systemctl --quiet is-active pg-password-key; do sleep 0.1; done");
  await inside("systemctl start reader");
});

test("after a reboot units wait for their keys, and firn keys send brings them", async () => {
  const before = a.bootId();
  await inside("rm /tmp/reader.log; systemctl reboot").catch(() => {}); // the shell goes down with it
  while (a.bootId() === before) await new Promise((resolve) => setTimeout(resolve, 100));
  await expect.poll(() => active("sshd").catch(() => []), { timeout: 30_000 }).toEqual(["active"]);
  expect(await inside("ls /run/keys")).toBe("");
  await expect
    .poll(() => active("pg-password-key", "reader", "late"))
    .toEqual(["activating", "inactive", "inactive"]);

  const sent = await must(firn("keys", "send", "--stack", "dev", "a"));
  expect(sent).toMatch(/^a: sent from-command, from-env, pg-password$/m);
  await expect
    .poll(() => active("pg-password-key", "keys.target", "reader", "late"), { timeout: 10_000 })
    .toEqual(Array(4).fill("active"));
  expect(await read()).toEqual([tail(text)]);
  expect(await must(firn("keys", "send"))).toMatch(/^a: has its 3 keys already$/m);
  expect(await must(firn("keys", "send", "b"), true)).toContain('the stack has no machine "b"; it has a.');
});

test("nobody has seen a value: not state, stores, logs, arguments, environments or temporary files", async () => {
  const machines = [
    { machine: a, keys: ["/run/keys/pg-password", "/run/keys/from-command", "/run/keys/from-env"] },
  ];
  expect(run.searchMachines(machines)).toEqual([]);
  await must(project.destroy(...events()));
  const sources = ["secrets"];
  const findings = await run.search({ project: project.directory, sources, output: outputs.join("\n") });
  expect(findings).toEqual([]);
});
