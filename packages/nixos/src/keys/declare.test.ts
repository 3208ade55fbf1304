import { expect, test } from "vitest";
import type { KeyArgs, Keys } from "./args.js";
import { declareKeys } from "./declare.js";

const declare = (keys: Keys, defaults?: Keys) => declareKeys(defaults, keys, 'index.ts:3: machine "db"');
const refused = (name: string, args: unknown) => {
  try {
    declare({ [name]: args as KeyArgs });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was not refused");
};

test("defaults: root's, for root alone to read, in memory", () => {
  expect(declare({ token: { env: "TOKEN" } })).toEqual([
    {
      name: "token",
      place: { path: "/run/keys/token", user: "root", group: "root", permissions: "0400" },
      source: { env: "TOKEN" },
    },
  ]);
});

test.each<[string, KeyArgs, string]>([
  ["permanent", { file: "a", permanent: true }, "/var/lib/keys/token"],
  ["a directory in memory", { file: "a", destDir: "/run/shop" }, "/run/shop/token"],
  ["a directory on disk", { file: "a", destDir: "/etc/ssl/", permanent: true }, "/etc/ssl/token"],
  ["a path", { file: "a", path: "/var/lib/shop/other name", permanent: true }, "/var/lib/shop/other name"],
])("%s", (_what, args, path) => {
  expect(declare({ token: args })[0]?.place.path).toBe(path);
});

test("a machine's key wins over the network's, units are named once, modes have four digits", () => {
  const own: Keys = {
    a: { env: "OWN", permissions: "440", restart: ["x.service", "x.service"], reload: [] },
  };
  const declared = declare(own, { a: { env: "SHARED" }, b: { env: "SHARED" } });
  expect(declared.map(({ name, source }) => [name, source])).toEqual([
    ["a", { env: "OWN" }],
    ["b", { env: "SHARED" }],
  ]);
  expect(declared[0]?.place).toMatchObject({ permissions: "0440", restart: ["x.service"] });
  expect(declared[0]?.place).not.toHaveProperty("reload");
});

test.each<[string, unknown, string]>([
  ["../x", { env: "A" }, "has no usable name"],
  ["-x", { env: "A" }, "has no usable name"],
  ["a@b", { env: "A" }, "has no usable name"],
  ["x", "secret", "is no set of options"],
  ["x", {}, "has no value. Give exactly one of text, file, command and env."],
  ["x", { env: "A", file: "b" }, "has 2 values, file and env."],
  ["x", { env: "A B" }, "names no environment variable"],
  ["x", { command: "pass show x" }, "no list of a program and its arguments"],
  ["x", { command: [] }, "no list of a program and its arguments"],
  ["x", { keyFile: "a" }, 'has an option "keyFile", which keys do not have'],
  ["x", { env: "A", user: "a:b" }, 'has a user that is neither a name nor a number: "a:b"'],
  ["x", { env: "A", permissions: 400 }, "has permissions that chmod does not take: 400"],
  ["x", { env: "A", permissions: "0999" }, "has permissions that chmod does not take"],
  ["x", { env: "A", restart: "nginx.service" }, "has a restart that is no list of units"],
  ["x", { env: "A", restart: ["nginx"] }, 'names the unit "nginx" in restart. Write its whole name'],
  ["x", { env: "A", path: "/run/a", destDir: "/run" }, "has a path and a destDir"],
  ["x", { env: "A", path: "keys/a" }, "no plain absolute path"],
  ["x", { env: "A", destDir: "/run/../etc" }, "no plain absolute path"],
  ["x", { env: "A", path: "/run/a\nb" }, "no plain absolute path"],
  ["x", { env: "A", path: "/run/a " }, "no plain absolute path"],
  ["x", { env: "A", path: "/nix/store/a" }, "where everyone can read"],
  [
    "x",
    { env: "A", destDir: "/etc" },
    "which is on disk. If it shall outlive reboots there, say permanent: true.",
  ],
  ["x", { env: "A", destDir: "/run/a", permanent: true }, "is permanent, but /run/a/x is in memory"],
])("key %j %j is refused", (name, args, message) => {
  expect(refused(name, args)).toContain(`index.ts:3: machine "db": key ${JSON.stringify(name)} `);
  expect(refused(name, args)).toContain(message);
});

test("the types ask for exactly one source", () => {
  // @ts-expect-error two sources
  const two: KeyArgs = { text: "a", env: "B" };
  // @ts-expect-error no source
  const none: KeyArgs = { user: "root" };
  // @ts-expect-error no list
  const words: KeyArgs = { command: "pass show x" };
  for (const args of [two, none, words]) expect(refused("x", args)).toContain("key");
});

test("two keys cannot have one path", () => {
  expect(() => declare({ a: { env: "A" }, b: { env: "B", path: "/run/keys/a" } })).toThrow(
    'machine "db": the keys "a" and "b" both go to /run/keys/a.',
  );
});

test("values are never in a message", () => {
  expect(refused("x", { text: "hunter2", env: "A" })).not.toContain("hunter2");
});
