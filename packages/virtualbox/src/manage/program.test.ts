import { expect, test } from "vitest";
import { hintFor } from "./hints.js";
import { folderOf, parseInfo } from "./info.js";
import { findProgram, missingProgram } from "./program.js";
import { parseVersion, wantsArchitecture } from "./version.js";

const search = (platform: NodeJS.Platform, env: Record<string, string>, ...files: string[]) =>
  findProgram({ platform, env, exists: async (file) => files.includes(file) });

test("VBoxManage is found on PATH, and where the installers put it that do not touch PATH", async () => {
  expect(await search("linux", { PATH: "/a:/b" }, "/b/VBoxManage")).toBe("/b/VBoxManage");
  expect(
    await search("darwin", { PATH: "/a" }, "/Applications/VirtualBox.app/Contents/MacOS/VBoxManage"),
  ).toBe("/Applications/VirtualBox.app/Contents/MacOS/VBoxManage");
  expect(await search("win32", { VBOX_MSI_INSTALL_PATH: "/vbox" }, "/vbox/VBoxManage.exe")).toBe(
    "/vbox/VBoxManage.exe",
  );
  expect(await search("linux", { PATH: "/a" })).toBeUndefined();
});

test("where it is missing, the message says where it was looked for and how to get it", () => {
  expect(missingProgram("darwin")).toContain("/Applications/VirtualBox.app/Contents/MacOS");
  expect(missingProgram("win32")).toContain("C:\\Program Files\\Oracle\\VirtualBox");
  expect(missingProgram("linux")).toContain("virtualisation.virtualbox.host.enable");
});

test("versions before 7.0 are too old; since 7.1 machines are for an architecture", () => {
  expect(() => parseVersion("6.1.50r161033\n")).toThrow(/VirtualBox 6\.1\.50r161033 is too old/);
  expect(() => parseVersion("")).toThrow(/says no version/);
  // A warning of the kernel module's comes before.
  expect(wantsArchitecture(parseVersion("WARNING: vboxdrv is not loaded.\n7.0.20r163906\n"))).toBe(false);
  expect(wantsArchitecture(parseVersion("7.2.4_Debianr170995"))).toBe(true);
});

test("what showvminfo tells", () => {
  const info = parseInfo(`name="web"
CfgFile="/home/me/VirtualBox VMs/web/web.vbox"
memory=2048
VMState="running"
"SATA-0-0"="/home/me/VirtualBox VMs/web/a=b.vdi"
Forwarding(0)="firn-8080,tcp,127.0.0.1,8080,,80"
`);
  expect(folderOf(info)).toBe("/home/me/VirtualBox VMs/web");
  expect([info.get("memory"), info.get("SATA-0-0"), info.get("Forwarding(0)")]).toEqual([
    "2048",
    "/home/me/VirtualBox VMs/web/a=b.vdi",
    "firn-8080,tcp,127.0.0.1,8080,,80",
  ]);
});

test.each([
  ["VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)", /VT-x, AMD-V or SVM/],
  ["VirtualBox can't enable the AMD-V extension. (VERR_SVM_IN_USE).", /lsmod \| grep kvm/],
  ["The character device /dev/vboxdrv does not exist.", /modprobe vboxdrv/],
  ["Failed to allocate RAM (VERR_NO_MEMORY)", /`memory`/],
  [
    `Code E_ACCESSDENIED (0x80070005) - Access denied (extended info not available)
Context: "EnableStaticIPConfig(Bstr(pIp).raw(), Bstr(pNetmask).raw())" at line 242 of file VBoxManageHostonly.cpp`,
    /\/etc\/vbox\/networks\.conf/,
  ],
  ["Machine settings file '/x/web.vbox' already exists", /adopts no machine/],
  ["The machine 'web' is already locked for a session (or being unlocked)", /close its settings/],
])("%s", (said, hint) => {
  expect(hintFor(said)).toMatch(hint);
});
