import { expect, test } from "vitest";
import { hintFor } from "./hints.js";

test("what libvirt says most often has its hint", () => {
  const socket = "Failed to connect socket to '/var/run/libvirt/libvirt-sock'";
  expect(hintFor(`${socket}: No such file or directory`)).toContain("systemctl start libvirtd");
  expect(hintFor(`${socket}: Permission denied`)).toContain("usermod -aG libvirt");
  expect(hintFor("no storage pool with matching name 'fast'")).toContain("virsh pool-define-as fast dir");
  expect(hintFor("cannot set up guest memory 'pc.ram': Cannot allocate memory")).toContain(
    "not enough memory free",
  );
  expect(hintFor("Cannot recv data: Host key verification failed.: Connection reset by peer")).toContain(
    "Firn does not switch the check off",
  );
  expect(hintFor("Cannot recv data: root@lab: Permission denied (publickey).: Connection reset")).toContain(
    "does not let your key in",
  );
  expect(hintFor("something new")).toBeUndefined();
});
