import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { containerOf, type LabContainer } from "../lab/lab.js";
import { pageAt } from "../lab/probe.js";
import { Project } from "./project.js";

const project = new Project("settings");
const shared = join(project.directory, "shared");
let port: number;

const machine = async (name: string): Promise<LabContainer> => {
  const found = (await project.resources()).find(
    (each) => each.type.endsWith("firn:Container") && each.urn.endsWith(`::net-${name}`),
  );
  return containerOf(found?.id ?? "");
};
const inside = async (name: string, script: string) =>
  (await (await machine(name)).exec(["sh", "-c", script])).trim();

const program = (web: string) => `
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05" });
net.machine("web", {
  target: container({ ${web} }),
  config: { services: { miniweb: { enable: true, text: "hello from web" } } },
});
net.machine("db", { target: container({ network: "data", store: "shared" }) });
`;

/** Takes 500 MiB, as one of the machine's own services would. */
const FILL = "systemd-run --quiet --wait sh -c 'head -c 500M /dev/zero | tail >/dev/null'";

/** A port that nobody has now. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

beforeAll(async () => {
  mkdirSync(shared);
  writeFileSync(join(shared, "page"), "from outside");
  port = await freePort();
  await project.init();
});
afterAll(() => project.dispose());

test("a machine has the memory, processors, directories and ports that it was given", async () => {
  project.program(
    program(`memory: 300, cpus: 0.5, ports: { ${port}: 80 }, mounts: {
      "/srv/shared": { source: ${JSON.stringify(shared)}, readOnly: false },
      "/etc/page": { source: ${JSON.stringify(join(shared, "page"))} },
    }`),
  );
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  expect(await pageAt(`http://127.0.0.1:${port}/`)).toBe("hello from web");
  expect(
    await inside(
      "web",
      "cat /etc/page; echo yes >/srv/shared/back; echo no 2>/dev/null >/etc/page || echo refused",
    ),
  ).toBe("from outsiderefused");
  expect(execFileSync("cat", [join(shared, "back")], { encoding: "utf8" })).toBe("yes\n");
  // More than the limit is not to be had: the program is killed, and the machine goes on.
  const killed = await inside("web", `${FILL}; echo $?`);
  expect(killed).not.toBe("0");
  expect(await inside("web", "systemctl is-active sshd.service")).toBe("active");
});

test("a machine that shares this computer's store has nothing of its system twice, and a store to write to", async () => {
  const { disk } = (await machine("db")).files();
  const size = (path: string) =>
    Number(execFileSync("du", ["-s", path], { encoding: "utf8" }).split("\t")[0]);
  expect(size(join(disk, "../store/upper"))).toBeLessThan(100);
  expect(await inside("db", "nix-store --query --requisites /run/current-system | wc -l")).not.toBe("0");
  expect(
    await inside("db", "nix-store --verify --check-contents 2>&1 | grep -c 'modified\\|missing'; true"),
  ).toBe("0");
  await inside(
    "db",
    "echo own >/tmp/own && nix-store --add /tmp/own && nix-store --delete /run/current-system 2>&1 | grep alive",
  );
});

test("a private network keeps machines apart, and this computer reaches both", async () => {
  const [web, db] = [await machine("web"), await machine("db")];
  expect(web.address.split(".").slice(0, 3)).not.toEqual(db.address.split(".").slice(0, 3));
  const reach = (address: string) =>
    `busybox nc -w 2 ${address} 22 </dev/null >/dev/null 2>&1 && echo reached || echo apart`;
  expect(await inside("db", reach(web.address))).toBe("apart");
  expect(await inside("web", reach(db.address))).toBe("apart");
  const logs = await project.run("npx", ["firn", "logs", "--unit", "sshd.service", "--lines", "3", "db"]);
  expect(logs.exitCode, logs.output).toBe(0);
  expect(logs.output).toMatch(/^\S+ db sshd/m);
});

test("settings change without another machine: limits and ports at once, directories by a reboot", async () => {
  const [boot, id] = [(await machine("web")).bootId(), (await machine("web")).id];
  const other = await freePort();
  project.program(program(`ports: { ${other}: 80 }`));
  const up = await project.up();
  expect(up.exitCode, up.output).toBe(0);
  expect(up.output).not.toMatch(/replac/);
  expect((await machine("web")).id).toBe(id);
  expect((await machine("web")).bootId()).not.toBe(boot);
  await expect
    .poll(() => fetch(`http://127.0.0.1:${other}/`).then((answer) => answer.text(), String))
    .toBe("hello from web");
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  expect(await inside("web", `ls /srv/shared; ${FILL}; echo $?`)).toBe("0");
});

test("destroy leaves no bridge and no forwarder", async () => {
  const before = await machine("db");
  expect((await project.destroy()).exitCode).toBe(0);
  expect(execFileSync("ip", ["-o", "address"], { encoding: "utf8" })).not.toContain(`${before.address} `);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});
