import { connect, connectKeepingHostKey, type SshTarget } from "@firn/host";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyPair } from "./key-pair.js";
import { machine, type TestMachine } from "./machine.js";

let box: TestMachine;
/** What sshd answers with now. */
let present: string;

beforeAll(async () => {
  box = await machine("key");
  present = box.target.hostKey;
});
afterAll(() => box?.remove());

const pinned = (hostKey: string): SshTarget => ({ ...box.target, hostKey });
const refused = (hostKey: string) =>
  expect(connect(pinned(hostKey))).rejects.toMatchObject({ name: "HostKeyMismatchError" });
const onDisk = () =>
  box.inside("cd /etc/ssh; stat -c '%a %U %n' ssh_host_ed25519_key*; ssh-keygen -yf ssh_host_ed25519_key");

test("the lasting key takes the place of the temporary one, over the connection pinned to it", async () => {
  const lasting = keyPair();
  const temporary = present;
  const replaced: string[] = [];
  const before = await box.inside("cat /proc/sys/kernel/random/boot_id");
  const host = await connectKeepingHostKey(pinned(lasting.publicKey), {
    former: temporary,
    privateKey: lasting.privateKey,
    onReplace: () => replaced.push("replaced"),
  });
  expect((await host.run(["cat", "/proc/sys/kernel/random/boot_id"])).stdout).toBe(before);
  await host.close();
  present = lasting.publicKey.trim();
  expect(replaced).toEqual(["replaced"]);
  expect(await onDisk()).toBe(
    `600 root ssh_host_ed25519_key\n644 root ssh_host_ed25519_key.pub\n${present}\n`,
  );
  await refused(temporary);
  // The next run finds the lasting key and does nothing.
  const again = await connectKeepingHostKey(pinned(present), {
    former: temporary,
    privateKey: lasting.privateKey,
    onReplace: () => replaced.push("again"),
  });
  await again.close();
  expect(replaced).toEqual(["replaced"]);
});

test("a machine that has neither key is refused and left alone", async () => {
  const [lasting, former] = [keyPair(), keyPair()];
  const attempt = connectKeepingHostKey(pinned(lasting.publicKey), {
    former: former.publicKey,
    privateKey: lasting.privateKey,
  });
  await expect(attempt).rejects.toMatchObject({ name: "HostKeyMismatchError" });
  expect(await onDisk()).toContain(present);
});

test("a private key that is another one's is refused before it takes any place", async () => {
  const attempt = connectKeepingHostKey(pinned(keyPair().publicKey), {
    former: present,
    privateKey: keyPair().privateKey,
  });
  await expect(attempt).rejects.toThrow("the private key that was sent does not belong to");
  expect(await onDisk()).toContain(present);
  await (await connect(pinned(present))).close();
});

test.each(["ssh-keygen", "mv", "sync", "systemctl"])(
  "a replacement that is cut off at %s is made up for by the next run",
  async (program) => {
    // Ends the script in the middle, as a power cut would.
    const real = (await box.inside(`command -v ${program}`)).trim();
    const move = program === "mv" ? "/root/real" : "mv";
    await box.inside(
      `cp -a ${real} /root/real; printf '#!/bin/sh\\nkill -KILL $PPID\\n' >${real}.cut; chmod 755 ${real}.cut; ${move} -f ${real}.cut ${real}`,
    );
    const lasting = keyPair();
    const options = { former: present, privateKey: lasting.privateKey };
    try {
      await expect(connectKeepingHostKey(pinned(lasting.publicKey), options)).rejects.toThrow();
    } finally {
      await box.inside(`cp -a /root/real ${real}`);
    }
    const host = await connectKeepingHostKey(pinned(lasting.publicKey), options);
    await host.close();
    present = lasting.publicKey.trim();
    expect(await onDisk()).toContain(`ssh_host_ed25519_key.pub\n${present}\n`);
    expect(await box.inside("cat /etc/ssh/ssh_host_ed25519_key.pub")).toBe(`${present}\n`);
  },
);
