import { expect, test } from "vitest";
import { byTag } from "./by-tag.js";
import type { Host, MachineSpec, Target } from "./target.js";

const target = (name: string): Target => ({ provision: () => ({ id: name }) as unknown as Host });
const chosen = (choices: Record<string, Target>, tags: string[]) =>
  byTag(choices).provision({ name: "web", tags } as unknown as MachineSpec, {}).id;

test("the first choice that the machine is tagged with counts, then the default", () => {
  const choices = { database: target("big"), default: target("small"), public: target("fast") };
  expect(chosen(choices, ["public", "database"])).toBe("big");
  expect(chosen(choices, ["public"])).toBe("fast");
  expect(chosen(choices, ["other"])).toBe("small");
});

test("a machine without a fitting tag is an error that names it, its tags and the choices", () => {
  const choices = { database: target("big") };
  expect(() => chosen(choices, ["public"])).toThrow(
    'byTag() has no target for the machine "web", whose tags are public; it knows database. Tag the machine, or add "default".',
  );
  expect(() => chosen(choices, [])).toThrow("whose tags are none");
  expect(() => chosen(choices, ["toString"])).toThrow("has no target");
});
