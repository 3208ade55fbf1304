import { afterAll, beforeAll, expect, test } from "vitest";
import { containerOf, type LabContainer } from "../../lab/lab.js";
import { Project } from "../project.js";

/** The life of one machine's keys, step by step; each test goes on from the one before. */
const project = new Project("keys");

interface Parts {
  keys?: string;
  config?: string;
}

/** `reader` notes what its key is whenever it starts. */
const program = ({ keys = KEYS(), config = "" }: Parts = {}) => `
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
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
        script: "cat /run/keys/pg-password >>/tmp/reader.log; echo >>/tmp/reader.log; exec sleep infinity",
      },
      late: {
        wantedBy: ["multi-user.target"], after: ["keys.target"], wants: ["keys.target"],
        script: "ls /run/keys/* /var/lib/keys/* >/tmp/late.log; exec sleep infinity",
      },
    } },
    ${config}
  },
});
`;

const KEYS = (pg = 'text: new pulumi.Config().requireSecret("pg")') => `
    "pg-password": { ${pg}, user: "db", restart: ["reader.service"] },
    "from-file": { file: "secrets/file.bin", permanent: true },
    "from-command": { command: ["cat", "secrets/command.txt"], permissions: "0440", group: "db" },
    "from-env": { env: "FIRN_TEST_KEY" },`;

let a: LabContainer;
const inside = (script: string) => a.exec(["sh", "-c", script]);
const stat = async (path: string) => (await inside(`stat -c '%U:%G %a' ${path}`)).trim();
const read = async () => (await inside("cat /tmp/reader.log")).trim().split("\n");

async function up(...args: string[]): Promise<string> {
  const result = await project.up(...args);
  expect(result.exitCode, result.output).toBe(0);
  return result.output;
}

beforeAll(async () => {
  project.write("secrets/file.bin", "file \u0000 value");
  project.write("secrets/command.txt", "command value\n");
  project.setEnvironment("FIRN_TEST_KEY", "env value");
  project.program(program());
  await project.init();
  await project.pulumi("config", "set", "--secret", "pg", "first");
});
afterAll(() => project.dispose());

test("keys are there before units start, with owners that the same deployment makes", async () => {
  await up();
  const found = (await project.resources()).find((each) => each.urn.endsWith(":Container::net-a"));
  a = containerOf(found?.id ?? "");
  expect(await read()).toEqual(["first"]);
  expect(await stat("/run/keys/pg-password")).toBe("db:root 400");
  expect(await stat("/run/keys/from-command")).toBe("root:db 440");
  expect(await stat("/run/keys")).toBe("root:keys 750");
  expect(await inside("cat /run/keys/from-command /run/keys/from-env /var/lib/keys/from-file")).toBe(
    "command value\nenv valuefile \u0000 value",
  );
  expect(await inside("systemctl is-active pg-password-key keys.target late reader")).toBe(
    "active\n".repeat(4),
  );
  expect(await inside("cat /tmp/late.log")).toContain("/var/lib/keys/from-file");
});
