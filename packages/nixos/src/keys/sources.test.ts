import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { type LocalSource, readSource } from "./sources.js";
import { readKeys } from "./values.js";

const root = mkdtempSync(join(tmpdir(), "firn-sources-"));
afterAll(() => rmSync(root, { recursive: true }));
const read = async (source: LocalSource) => Buffer.from(await readSource(source, root));
const failure = (source: LocalSource) => read(source).then(String, (error: Error) => error.message);

test("bytes come as they are, from files, commands and variables", async () => {
  const bytes = Buffer.from([0, 255, 10, 13]);
  writeFileSync(join(root, "bytes"), bytes);
  vi.stubEnv("FIRN_KEY", "a value");
  vi.stubEnv("PULUMI_CONFIG", "every secret of the stack");
  expect(await read({ file: "bytes" })).toEqual(bytes);
  expect(await read({ command: ["cat", "bytes"] })).toEqual(bytes);
  expect(await read({ command: ["printf", "%s", "a b'c"] })).toEqual(Buffer.from("a b'c"));
  expect(await read({ env: "FIRN_KEY" })).toEqual(Buffer.from("a value"));
  expect(String(await read({ command: ["env"] }))).not.toContain("every secret");
});

test.each<[LocalSource, string]>([
  [{ file: "absent" }, "the file absent cannot be read: it is not there. Relative paths start at"],
  [{ file: "." }, "the file . cannot be read"],
  [{ env: "FIRN_UNSET" }, "the environment variable FIRN_UNSET is not set. Set it where `pulumi` runs."],
  [
    { command: ["firn-absent", "x"] },
    "the command `firn-absent x` cannot be run: there is no program firn-absent",
  ],
  [{ command: ["sh", "-c", "echo sealed >&2; exit 4"] }, "exited with 4:\n    sealed"],
  [{ command: ["sh", "-c", "kill -TERM $$"] }, "was ended by SIGTERM"],
  [{ command: ["true"] }, "the command `true` printed nothing, and a key needs a value"],
])("%j has no value, and it is said why", async (source, message) => {
  expect(await failure(source)).toContain(message);
});

test("an empty file is no key, and what a failing command printed is kept to itself", async () => {
  writeFileSync(join(root, "empty"), "");
  expect(await failure({ file: "empty" })).toBe("empty is empty, and a key needs a value.");
  const message = await failure({ command: ["sh", "-c", "cat bytes; printf half-a-secret; exit 1"] });
  expect(message.replace(/`.*`/, "")).not.toContain("half-a-secret");
});

test("every key of a machine without a value is named", async () => {
  const place = { digest: "", user: "root", group: "root", permissions: "0400" };
  const keys = {
    b: { ...place, path: "/run/keys/b", source: { env: "FIRN_UNSET" } },
    a: { ...place, path: "/run/keys/a" },
  };
  await expect(readKeys({ keys }, root)).rejects.toThrow(
    'key "a": its value is not in the state. Run `pulumi up`.\n  key "b": the environment variable FIRN_UNSET is not set.',
  );
});
