import { expect, test } from "vitest";
import { explainCommand, explainConnection } from "./explain.js";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const web = { name: "web", address: "10.0.0.7", port: 2222, user: "root", hostKey: KEY };

test.each([
  ["ssh: connect to host 10.0.0.7 port 2222: Connection refused", "UnreachableError", "Is sshd running"],
  ["ssh: connect to host 10.0.0.7 port 2222: No route to host", "UnreachableError", "firewalls"],
  [
    "ssh: Could not resolve hostname web.example: Name or service not known",
    "UnreachableError",
    "name resolution",
  ],
  ["", "UnreachableError", "without a word"],
  ["root@10.0.0.7: Permission denied (publickey).", "AuthenticationError", "authorized_keys"],
  [
    'Load key "/dev/shm/x/identity": error in libcrypto\nroot@h: Permission denied (publickey).',
    "AuthenticationError",
    "h: P",
  ],
])("ssh says %j: %s", (stderr, name, text) => {
  const error = explainConnection(web, stderr);
  expect(error).toMatchObject({ name, machine: "web" });
  expect(error.message).toContain("10.0.0.7 port 2222");
  expect(error.message).toContain(text);
});

test("another host key is shown with both fingerprints", () => {
  const stderr = `@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
The fingerprint for the ED25519 key sent by the remote host is
SHA256:TBxOHFrTw09tISQHqnIvBS/U02A2vQy33tzGPZcJFMM.
Host key for firn-host has changed and you have requested strict checking.
Host key verification failed.`;
  const error = explainConnection(web, stderr);
  expect(error.name).toBe("HostKeyMismatchError");
  expect(error.message).toContain(
    "expected: SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU (ssh-ed25519)",
  );
  expect(error.message).toContain("offered:  SHA256:TBxOHFrTw09tISQHqnIvBS/U02A2vQy33tzGPZcJFMM");
  const kinds = explainConnection(web, "no matching host key type found. Their offer: ssh-rsa,rsa-sha2-256");
  expect(kinds.message).toContain("only keys of the kinds ssh-rsa");
});

test("a failed command is shown with its end and what to do", () => {
  const error = explainCommand({
    machine: "web",
    argv: ["nix-store", "--import"],
    exitCode: 1,
    stdout: "",
    stderr: "error: writing to file: No space left on device\n",
  });
  expect(error).toMatchObject({ name: "DiskFullError", machine: "web", exitCode: 1 });
  expect(error.message).toMatchInlineSnapshot(`
    "\`nix-store --import\` exited with 1 on web:
        error: writing to file: No space left on device
      Free space on the machine (\`nix-collect-garbage --delete-older-than 30d\` removes old generations) and run again."
  `);
  const plain = explainCommand({ machine: "web", argv: ["a b"], exitCode: 3, stdout: "x", stderr: "" });
  expect(plain).toMatchObject({ name: "CommandError", message: "`'a b'` exited with 3 on web:\n    x" });
  const late = explainCommand({
    machine: "web",
    argv: ["a"],
    exitCode: 1,
    stdout: "",
    stderr: "",
    timedOutAfterMs: 1500,
  });
  expect(late.message).toBe("`a` took longer than 1.5 s and was ended on web");
});
