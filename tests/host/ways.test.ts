import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type SshTarget } from "@firn/host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lanOf } from "../lab/lan.js";
import { type Home, makeHome } from "./at-home.js";
import { keyPair } from "./key-pair.js";
import { machine, type TestMachine } from "./machine.js";

let box: TestMachine;
let hop: TestMachine;
let home: Home;
/** Signs host keys and user keys. */
const authority = keyPair();
const stranger = keyPair();
const user = keyPair();

beforeAll(async () => {
  [box, hop] = await Promise.all([machine("way"), machine("hop")]);
  home = makeHome();
  home.write(".ssh/key", box.target.identity as string);
  home.write(".ssh/hop-key", hop.target.identity as string);
  // A second sshd on another port, whose host key is certified and which lets in certificates only.
  const host = keyPair();
  await box.inside(`cd /root
useradd --create-home --shell /bin/sh --password '*' admin
cp -r .ssh ~admin/.ssh; chown -R admin ~admin/.ssh
cat >certified <<'END'
${host.privateKey}END
cat >certified-cert.pub <<'END'
${sign(host.publicKey, "-h", "-n", "way.example,other.example")}END
echo '${authority.publicKey.trim()}' >authority
chmod 600 certified
cat >sshd_config <<'END'
Port 2222
HostKey /root/certified
HostCertificate /root/certified-cert.pub
TrustedUserCAKeys /root/authority
AuthorizedKeysFile none
PidFile none
PerSourcePenalties no
END
cat >also_config <<'END'
Port 2200
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile none
PerSourcePenalties no
END
mkdir -p /run/sshd
/usr/sbin/sshd -f /root/sshd_config -E /root/log
/usr/sbin/sshd -f /root/also_config -E /root/log`);
});
afterAll(async () => {
  home?.remove();
  await Promise.all([box?.remove(), hop?.remove()]);
});

/** A certificate of the authority for a public key. */
function sign(publicKey: string, ...options: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), "firn-sign-"));
  try {
    writeFileSync(join(directory, "ca"), authority.privateKey, { mode: 0o600 });
    writeFileSync(join(directory, "key.pub"), publicKey);
    const sign = ["-q", "-s", join(directory, "ca"), "-I", "test", ...options, join(directory, "key.pub")];
    execFileSync("ssh-keygen", sign);
    return readFileSync(join(directory, "key-cert.pub"), "utf8");
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const failure = (target: SshTarget) =>
  connect(target, { connectTimeoutMs: 2000 }).then(
    () => expect.fail("it connected"),
    (error: Error) => error,
  );
/** Says as whom and from where one comes to a machine. */
async function visit(target: SshTarget): Promise<string[]> {
  const host = await connect(target);
  const { stdout } = await host.run(["sh", "-c", "id -un; echo ${SSH_CONNECTION%% *}"]);
  await host.close();
  return stdout.trimEnd().split("\n");
}
const hostKey = () => box.target.hostKey;
const jump = () => {
  const { name: _, ...via } = hop.target;
  return { ...via, name: "hop" };
};

describe("the user's own ssh", () => {
  test("its configuration names address, port, user, key and jump host; its known_hosts counts for that one only", async () => {
    home.write(
      ".ssh/config",
      `Host production
  HostName ${box.address}
  Port 2200
  User admin
  IdentityFile ${home.directory}/.ssh/key
  ProxyJump jump
Host jump
  HostName ${hop.address}
  User root
  IdentityFile ${home.directory}/.ssh/hop-key
`,
    );
    // Of the machine it knows wrong keys only.
    const wrong = ["production", box.address, `[${box.address}]:2200`, "firn-host"]
      .map((name) => `${name} ${stranger.publicKey}`)
      .join("");
    home.write(".ssh/known_hosts", `${hop.address} ${hop.target.hostKey}\n${wrong}`);
    const before = home.look(".ssh/known_hosts");
    const target = { name: "way", address: "production", hostKey: hostKey() };
    expect(await home.visit(target)).toEqual(["admin", hop.address]);
    expect(home.look(".ssh/known_hosts")).toBe(before);
    // The right key there does not help against a wrong one that is pinned.
    home.write(
      ".ssh/known_hosts",
      `${hop.address} ${hop.target.hostKey}\nfirn-host,production ${hostKey()}\n`,
    );
    await expect(home.visit({ ...target, hostKey: stranger.publicKey })).rejects.toThrow(/another host key/);
  });

  test("what the program says wins over it, and where nobody names a user it is root", async () => {
    home.write(
      ".ssh/config",
      `Host *
  IdentityFile ${home.directory}/.ssh/key
  ProxyCommand exit 7
  ControlPath ${home.directory}/shared
  StrictHostKeyChecking no
  LogLevel QUIET
Match host ${hop.address}
  User nobody
`,
    );
    const target = { name: "way", address: box.address, hostKey: hostKey() };
    expect(await home.visit({ ...target, via: jump() })).toEqual(["root", hop.address]);
    expect(await home.visit({ ...target, via: jump(), user: "admin", port: 2200 })).toEqual([
      "admin",
      hop.address,
    ]);
    await expect(home.visit({ ...target, via: jump(), hostKey: stranger.publicKey })).rejects.toThrow(
      /another host key/,
    );
  });

  test("keys in its agent are used, with certificates of theirs", async () => {
    home.write(".ssh/config", "");
    const agent = new Agent(home.directory);
    try {
      const target = { name: "way", address: box.address, hostKey: hostKey() };
      await expect(home.visit(target, await agent.environment())).rejects.toThrow(/authorized_keys/);
      await agent.add(box.target.identity as string);
      expect((await home.visit(target, await agent.environment()))[0]).toBe("root");
      await agent.add(user.privateKey);
      const certificate = sign(user.publicKey, "-n", "admin");
      const certified = { ...target, port: 2222, user: "admin", certificate };
      const hosts = `@cert-authority way.example ${authority.publicKey}`;
      expect((await home.visit({ ...certified, hostKey: hosts }, await agent.environment()))[0]).toBe(
        "admin",
      );
    } finally {
      await agent.end();
    }
  });
});

describe("certificates", () => {
  const at = (hostKey: string): SshTarget => ({
    ...box.target,
    port: 2222,
    hostKey,
    identity: user.privateKey,
    certificate: sign(user.publicKey, "-n", "root"),
  });

  test("a host with a certificate of the authority for its name is accepted, and the user's lets in", async () => {
    expect((await visit(at(`@cert-authority way.example ${authority.publicKey}`)))[0]).toBe("root");
    const refused = await failure({
      ...at(`@cert-authority way.example ${authority.publicKey}`),
      user: "admin",
    });
    expect(refused.name).toBe("AuthenticationError");
  });

  test("another authority's, one for another name, and a host without any are refused", async () => {
    const other = await failure(at(`@cert-authority way.example ${stranger.publicKey}`));
    expect(other.name).toBe("HostKeyMismatchError");
    expect(other.message).toContain(`a certificate for way.example of the authority ${stranger.fingerprint}`);
    const name = await failure(at(`@cert-authority web.example ${authority.publicKey}`));
    expect(name.name).toBe("HostKeyMismatchError");
    const none = await failure({
      ...box.target,
      hostKey: `@cert-authority way.example ${authority.publicKey}`,
    });
    expect(none.name).toBe("HostKeyMismatchError");
    expect([other, name, none].map(({ message }) => /offered: {2}(.*)/.exec(message)?.[1])).toEqual([
      "one of another authority",
      "a certificate that does not hold: name is not a listed principal",
      "only keys of the kinds ssh-ed25519",
    ]);
  });
});

describe("IPv6", () => {
  test("global and link-local addresses, with and without a jump host, on any port", async () => {
    const lan = await lanOf(box);
    const { bridge, prefix: net } = lan;
    try {
      await lan.add(box, 2);
      await lan.add(hop, 3);
      const at = (address: string) => ({ ...box.target, address });
      expect(await visit(at(`${net}::2`))).toEqual(["root", `${net}::1`]);
      expect(await visit({ ...at(`[${net}::2]`), port: 2200 })).toEqual(["root", `${net}::1`]);
      expect((await visit(at(`fe80::2%${bridge}`)))[1]).toMatch(/^fe80::1%/);
      const via = { ...jump(), address: `${net}::3` };
      expect(await visit({ ...at(`[${net}::2]`), via })).toEqual(["root", `${net}::3`]);
      // The scope is the jump host's own name for its link.
      expect((await visit({ ...at("fe80::2%eth0"), port: 2200, via }))[1]).toMatch(/^fe80::.*%/);
      const closed = await failure({ ...at(`${net}::2`), port: 4 });
      expect(closed.message).toContain(`way at ${net}::2 port 4 cannot be reached`);
    } finally {
      lan.remove();
    }
  });
});

describe("failures on the way name the host that they happened at", () => {
  const message = async (change: Partial<SshTarget>) => {
    const error = await failure({ ...box.target, via: jump(), ...change });
    return `${error.name}: ${error.message}`
      .replaceAll(box.address, "BOX")
      .replaceAll(hop.address, "HOP")
      .replace(/SHA256:\S+/g, "SHA256");
  };

  test("wrong keys, refusals, and what the jump host cannot or may not reach", async () => {
    await hop.inside(
      "sed 's/^HostKey.*/&\\nPort 2300\\nAllowTcpForwarding no\\nPidFile none/' /usr/lib/firn/sshd_config >/root/closed; /usr/sbin/sshd -f /root/closed",
    );
    const far = { ...jump(), name: "outer", hostKey: stranger.publicKey };
    const changes: Record<string, Partial<SshTarget>> = {
      "the jump host's key": { via: { ...jump(), hostKey: stranger.publicKey } },
      "the key of the jump host before it": { via: { ...jump(), via: far } },
      "the machine's key": { hostKey: stranger.publicKey },
      "refused by the jump host": { via: { ...jump(), identity: stranger.privateKey } },
      "refused by the machine": { identity: stranger.privateKey },
      "nobody at the jump host's port": { via: { ...jump(), port: 4 } },
      "nobody at the machine's port": { port: 4 },
      "no such jump host": { via: { ...jump(), address: "no-such.invalid" } },
      "a jump host that does not forward": { via: { ...jump(), port: 2300 } },
    };
    const told = Object.entries(changes).map(async ([name, change]) => [name, await message(change)]);
    expect(Object.fromEntries(await Promise.all(told))).toMatchInlineSnapshot(`
      {
        "a jump host that does not forward": "UnreachableError: way at BOX cannot be reached from its jump host hop at HOP port 2300:
          administratively prohibited: open failed
        The jump host's sshd does not forward: set AllowTcpForwarding there.",
        "no such jump host": "UnreachableError: way: its jump host hop at no-such.invalid cannot be reached:
          ssh: Could not resolve hostname no-such.invalid: Name or service not known
        Check the address, and that this computer's name resolution works.",
        "nobody at the jump host's port": "UnreachableError: way: its jump host hop at HOP port 4 cannot be reached:
          ssh: connect to host HOP port 4: Connection refused
        Is sshd running there, and is this its port?",
        "nobody at the machine's port": "UnreachableError: way at BOX port 4 cannot be reached from its jump host hop at HOP:
          connect failed: Connection refused
        Is the machine on, is this its address as the jump host sees it, and does sshd listen on this port?",
        "refused by the jump host": "AuthenticationError: way: its jump host hop at HOP refused the key for user root:
          root@HOP: Permission denied (publickey).
        Put the deployer's public key into the user's authorized_keys (NixOS: users.users.<name>.openssh.authorizedKeys.keys), or give the right identity.",
        "refused by the machine": "AuthenticationError: way at BOX refused the key for user root:
          root@BOX: Permission denied (publickey).
        Put the deployer's public key into the user's authorized_keys (NixOS: users.users.<name>.openssh.authorizedKeys.keys), or give the right identity.",
        "the jump host's key": "HostKeyMismatchError: way: its jump host hop at HOP has another host key than the pinned one; nothing was sent to it.
          expected: SHA256 (ssh-ed25519)
          offered:  SHA256
        Another machine may answer at this address, or somebody in between. If the machine was reinstalled on purpose, compare the
        offered key with \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` on its console, then set its hostKey to the new public key.",
        "the key of the jump host before it": "HostKeyMismatchError: way: the jump host's own jump host outer at HOP has another host key than the pinned one; nothing was sent to it.
          expected: SHA256 (ssh-ed25519)
          offered:  SHA256
        Another machine may answer at this address, or somebody in between. If the machine was reinstalled on purpose, compare the
        offered key with \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` on its console, then set its hostKey to the new public key.",
        "the machine's key": "HostKeyMismatchError: way: the host at BOX has another host key than the pinned one; nothing was sent to it.
          expected: SHA256 (ssh-ed25519)
          offered:  SHA256
        Another machine may answer at this address, or somebody in between. If the machine was reinstalled on purpose, compare the
        offered key with \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` on its console, then set its hostKey to the new public key.",
      }
    `);
  });

  test("a second jump host behind the first", async () => {
    const twice = { ...jump(), via: { ...jump(), name: "outer" } };
    expect(await visit({ ...box.target, via: twice })).toEqual(["root", hop.address]);
  });

  test("a jump host that is off, and one that dies meanwhile", async () => {
    const open = await connect({ ...box.target, via: jump() });
    const running = open.run(["sleep", "30"]).catch((error: Error) => error);
    await hop.kill();
    const died = (await running) as Error;
    expect(died.name).toBe("UnreachableError");
    await open.close();
    await hop.linkDown();
    expect(await message({})).toMatchInlineSnapshot(`
      "UnreachableError: way: its jump host hop at HOP cannot be reached:
          ssh: connect to host HOP port 22: Connection timed out
        Is the machine on, and do firewalls let this computer in?"
    `);
  });
});

/** An ssh-agent of its own. */
class Agent {
  private readonly socket: string;
  private readonly process: ChildProcess;

  constructor(private readonly directory: string) {
    this.socket = join(directory, "agent");
    this.process = spawn("ssh-agent", ["-D", "-a", this.socket], { stdio: ["ignore", "pipe", "inherit"] });
  }

  async environment(): Promise<Record<string, string>> {
    await this.ready;
    return { SSH_AUTH_SOCK: this.socket };
  }

  async add(privateKey: string): Promise<void> {
    const file = join(this.directory, "added");
    writeFileSync(file, privateKey, { mode: 0o600 });
    execFileSync("ssh-add", ["-q", file], { env: { ...process.env, ...(await this.environment()) } });
    rmSync(file);
  }

  async end(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.kill();
    await ended;
  }

  private ready = Promise.resolve().then(() => once(this.process.stdout as NodeJS.ReadableStream, "data"));
}
