import { expect, test } from "vitest";
import { explainBuildFailure } from "./explain-build.js";

const place = {
  name: "this computer",
  run: async (_command: string, args: readonly string[]) =>
    args[0] === "--read-log"
      ? { stdout: "compiling\nthe reason\n", stderr: "", exitCode: 0 }
      : { stdout: "", stderr: "", exitCode: 1 },
};

test.each([
  [
    "in one sentence",
    "error: a 'aarch64-linux' with features {} is required to build '/nix/store/x-hello.drv', but I am a 'x86_64-linux' with features {benchmark, kvm}",
  ],
  [
    "in lines",
    `error: Cannot build '/nix/store/x-hello.drv'.
       Reason: required system or feature not available
       Required system: 'aarch64-linux' with features {}
       Current system: 'x86_64-linux' with features {benchmark, kvm}`,
  ],
])("another processor is told, %s", async (_how, stderr) => {
  const message = await explainBuildFailure(stderr, place);
  expect(message).toContain(
    "the build failed: this computer is x86_64-linux and cannot build /nix/store/x-hello.drv, which is for aarch64-linux.",
  );
  expect(message).toContain('buildOn: "target"');
  expect(await explainBuildFailure(stderr, { ...place, name: "web" })).not.toContain("buildOn");
});

test("missing features are told", async () => {
  const stderr =
    "error: a 'x86_64-linux' with features {kvm, nixos-test} is required to build '/nix/store/x-vm.drv', but I am a 'x86_64-linux' with features {benchmark}";
  expect(await explainBuildFailure(stderr, place)).toContain(
    "wants a builder with the features kvm, nixos-test",
  );
});

test("a failed builder's last lines are shown, and builders that did not help", async () => {
  const stderr = `root@farm: Permission denied (publickey).
cannot build on 'ssh-ng://root@farm': error: cannot open connection to remote store 'ssh-ng://root@farm'
error: builder for '/nix/store/x-hello.drv' failed with exit code 1`;
  expect(await explainBuildFailure(stderr, place)).toBe(`the build failed:
  /nix/store/x-hello.drv failed; the last lines of its log:
    compiling
    the reason
  Builders that could not be used:
    ssh-ng://root@farm: cannot open connection to remote store 'ssh-ng://root@farm'
    root@farm: Permission denied (publickey).`);
});
