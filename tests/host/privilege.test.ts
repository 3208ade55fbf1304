import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { activate, connect, copyClosure, type Host, type Privilege } from "@firn/host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fakeSystem } from "./fake-system.js";
import { machine, type TestMachine } from "./machine.js";

/** Unlike anything that may be found by chance, with what shells and terminals treat in their own ways. */
const PASSWORD = `it's "$x" \\ *§ canary-${randomBytes(6).toString("hex")}`;
const USERS = ["sudoer", "free", "nobody-much", "doer", "free-doer"] as const;

let box: TestMachine;

beforeAll(async () => {
  box = await machine("privilege");
  const key = (await box.inside("cat /root/.ssh/authorized_keys")).trim();
  for (const user of USERS)
    await box.inside(`useradd --create-home --shell /bin/sh ${user}
printf '%s\\n' '${user}:${PASSWORD.replaceAll("'", "'\\''")}' | chpasswd
install -d -m 700 -o ${user} ~${user}/.ssh
echo '${key}' >~${user}/.ssh/authorized_keys
chown ${user} ~${user}/.ssh/authorized_keys`);
  await box.inside(`echo 127.0.1.1 privilege >>/etc/hosts
cat >/etc/sudoers.d/test <<'END'
sudoer ALL=(ALL:ALL) ALL
free ALL=(ALL:ALL) NOPASSWD: ALL
END
cat >/etc/doas.conf <<'END'
permit doer
permit nopass free-doer
END
chmod 440 /etc/sudoers.d/test /etc/doas.conf`);
});
afterAll(() => box?.remove());

/** Arguments and environments of all processes but this one. */
function processesOfThisComputer(): string {
  const others = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return others.map((pid) => read(`/proc/${pid}/cmdline`) + read(`/proc/${pid}/environ`)).join("");
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

async function as<T>(user: (typeof USERS)[number], privilege: Privilege, work: (host: Host) => Promise<T>) {
  const host = await connect({ ...box.target, user, privilege });
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

const WAYS: [string, (typeof USERS)[number], Privilege][] = [
  ["sudo", "free", { method: "sudo" }],
  ["sudo with a password", "sudoer", { method: "sudo", password: PASSWORD }],
  ["sudo with a password that it does not ask for", "free", { method: "sudo", password: PASSWORD }],
  ["doas", "free-doer", { method: "doas" }],
  ["doas with a password", "doer", { method: "doas", password: PASSWORD }],
  ["doas with a password that it does not ask for", "free-doer", { method: "doas", password: PASSWORD }],
];

describe.concurrent.each(WAYS)("%s", (_, user, privilege) => {
  test("arguments, input, output, errors and exit codes are the command's own", () =>
    as(user, privilege, async (host) => {
      expect((await host.run(["id", "-un"])).stdout).toBe(`${user}\n`);
      const lines: string[] = [];
      const script = 'id -u; printf "%s|" "$@"; echo "$PATH" >&2; exit 3';
      const result = await host.run(["sh", "-c", script, "sh", "a b", "$HOME", "'\\", ""], {
        privileged: true,
        check: false,
        onLine: (line, stream) => lines.push(`${stream} ${line}`),
      });
      expect(result).toMatchObject({ exitCode: 3, stdout: "0\na b|$HOME|'\\||" });
      expect(result.stderr).toMatch(/^\S*:\/run\/current-system\/sw\/bin:\S*\n$/);
      expect(lines).toContain("stdout 0");
      expect(lines.filter((line) => line.startsWith("stderr"))).toEqual([`stderr ${result.stderr.trim()}`]);

      const input = randomBytes(300_000);
      const { stdout } = await host.run(["sha256sum"], { privileged: true, input });
      expect(stdout.slice(0, 64)).toBe(createHash("sha256").update(input).digest("hex"));
      expect((await host.run(["cat"], { privileged: true })).stdout).toBe("");
      await expect(
        host.run(["sh", "-c", "echo why >&2; exit 7"], { privileged: true }),
      ).rejects.toMatchObject({
        name: "CommandError",
        stderr: "why\n",
      });
    }));
});

test.each(WAYS.filter(([name]) => /password$/.test(name)))(
  "%s: paths are copied and a system is activated",
  (_, user, privilege) =>
    as(user, privilege, async (host) => {
      const toplevel = fakeSystem(`privilege-${user}`);
      expect((await copyClosure(host, [toplevel])).paths).toBe(1);
      const activated = await activate(host, {
        toplevel,
        goal: "switch",
        owner: "test",
        reconnect: () => connect({ ...box.target, user, privilege }),
      });
      expect(activated.status).toBe("activated");
      expect((await box.inside("readlink -f /nix/var/nix/profiles/system")).trim()).toBe(toplevel);
    }),
);

test.each(WAYS.filter(([name]) => /password$/.test(name)))(
  "%s: the password is in no argument, environment, file or log",
  (_, user, privilege) =>
    as(user, privilege, async (host) => {
      const running = host.run(["sh", "-c", "echo begun; exec sleep 30"], { privileged: true });
      running.catch(() => {});
      const canary = PASSWORD.slice(-12);
      // The bracket keeps the search from finding itself.
      const found = await box.inside(`until pgrep -x sleep >/dev/null; do sleep 0.1; done
cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | grep -c '[${canary[0]}]${canary.slice(1)}'
journalctl --no-pager | grep -c '[${canary[0]}]${canary.slice(1)}'
grep -rl '[${canary[0]}]${canary.slice(1)}' /tmp /run /var /home /root /etc /dev/shm 2>/dev/null | wc -l
pkill -x sleep`);
      expect(found).toBe("0\n0\n0\n");
      expect(processesOfThisComputer()).not.toContain(canary);
      await running.catch(() => {});
      expect(await box.inside("ls -A /tmp | grep -c '^tmp\\.' || true")).toBe("0\n");
    }),
);

test("what sudo and doas refuse: the message says which user, what was said and what to do", async () => {
  const right = PASSWORD;
  const cases: Record<string, [(typeof USERS)[number], Privilege]> = {
    "sudo asks": ["sudoer", { method: "sudo" }],
    "sudo gets another password": ["sudoer", { method: "sudo", password: "wrong" }],
    "sudo does not know the user": ["nobody-much", { method: "sudo", password: right }],
    "doas asks": ["doer", { method: "doas" }],
    "doas gets another password": ["doer", { method: "doas", password: "wrong" }],
    "doas does not know the user": ["nobody-much", { method: "doas" }],
  };
  const told = Object.entries(cases).map(([name, [user, privilege]]) =>
    as(user, privilege, async (host) => {
      // What a command reads must never become another attempt at the password.
      const input = `${right}\n`.repeat(5);
      const error = await host.run(["cat"], { privileged: true, input }).catch((reason: Error) => reason);
      expect(error).toMatchObject({ name: "PrivilegeError", machine: "privilege" });
      return [name, (error as Error).message];
    }),
  );
  expect(Object.fromEntries(await Promise.all(told))).toMatchInlineSnapshot(`
    {
      "doas asks": "doas does not make doer root on privilege:
        doas: Authentication required
      Give \`privilege\` its password, or let the user run doas without one (NixOS: noPass in security.doas.extraRules), or connect as root.",
      "doas does not know the user": "doas does not make nobody-much root on privilege:
        doas: Operation not permitted
      The user may not become root: allow it in security.doas.extraRules.",
      "doas gets another password": "doas does not make doer root on privilege:
        doas: Authentication failed
      The password in \`privilege\` is not the one of the user there, or the account is locked.",
      "sudo asks": "sudo does not make sudoer root on privilege:
        sudo: a password is required
      Give \`privilege\` its password, or let the user run sudo without one (NixOS: security.sudo.wheelNeedsPassword = false), or connect as root.",
      "sudo does not know the user": "sudo does not make nobody-much root on privilege:
        nobody-much is not in the sudoers file.
      The user may not become root: add it to the group wheel, or allow it in security.sudo.extraRules.",
      "sudo gets another password": "sudo does not make sudoer root on privilege:
        Sorry, try again.
        sudo: no password was provided
        sudo: 1 incorrect password attempt
      The password in \`privilege\` is not the one of the user there, or the account is locked.",
    }
  `);
});

test("a machine without sudo or doas says so", async () => {
  await box.inside("mv /usr/bin/sudo /usr/bin/sudo.off; mv /usr/bin/doas /usr/bin/doas.off");
  try {
    for (const method of ["sudo", "doas"] as const)
      for (const password of [undefined, PASSWORD])
        await as("free", password === undefined ? { method } : { method, password }, async (host) => {
          const error = await host.run(["true"], { privileged: true }).catch((reason: Error) => reason);
          expect(error).toMatchObject({ name: "PrivilegeError" });
          expect((error as Error).message).toContain(`Install ${method} on the machine`);
        });
  } finally {
    await box.inside("mv /usr/bin/sudo.off /usr/bin/sudo; mv /usr/bin/doas.off /usr/bin/doas");
  }
});
