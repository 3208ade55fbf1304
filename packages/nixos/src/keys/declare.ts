import { posix } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { FirnError } from "../errors.js";
import type { KeyArgs, Keys } from "./args.js";
import type { LocalSource } from "./sources.js";
import type { KeyPlace } from "./state.js";

/** A key cannot be as it was declared. */
export class InvalidKeyError extends FirnError {}

/** A key of a machine, checked, with every default in place. */
export interface DeclaredKey {
  readonly name: string;
  readonly place: KeyPlace;
  readonly source: LocalSource | { readonly text: pulumi.Input<string> };
}

const SOURCES = ["text", "file", "command", "env"] as const;
const OPTIONS = [
  ...SOURCES,
  "user",
  "group",
  "permissions",
  "destDir",
  "path",
  "permanent",
  "restart",
  "reload",
];
const MEMORY = "/run/keys";
const DISK = "/var/lib/keys";

/**
 * Checks the keys of a machine; its own win over those that the network's defaults have under the same name.
 *
 * @param where the machine and the line that declares it, for messages
 * @throws {@link InvalidKeyError}
 */
export function declareKeys(defaults: Keys | undefined, own: Keys | undefined, where: string): DeclaredKey[] {
  const declared = Object.entries({ ...defaults, ...own }).map(([name, args]) =>
    declareKey(name, args, where),
  );
  const names = new Map<string, string>();
  for (const { name, place } of declared) {
    const other = names.get(place.path);
    if (other !== undefined)
      throw new InvalidKeyError(
        `${where}: the keys "${other}" and "${name}" both go to ${place.path}. Give one of them another path.`,
      );
    names.set(place.path, name);
  }
  return declared;
}

function declareKey(name: string, args: KeyArgs, where: string): DeclaredKey {
  const fail = (message: string): never => {
    throw new InvalidKeyError(`${where}: key ${JSON.stringify(name)} ${message}`);
  };
  // Its unit's name is <name>-key.service, which systemd limits to these, and "@" would make a template of it.
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,79}$/.test(name))
    fail(
      'has no usable name. It becomes a file and a unit: use 1 to 80 letters, digits and "_.:-", the first no "." or "-".',
    );
  if (typeof args !== "object" || args === null)
    fail(`is no set of options. Write { text: … }, { file: "…" }, { command: […] } or { env: "…" }.`);
  const unknown = Object.keys(args).find((option) => !OPTIONS.includes(option));
  if (unknown !== undefined)
    fail(`has an option "${unknown}", which keys do not have. They have ${OPTIONS.join(", ")}.`);
  return { name, place: placeOf(name, args, fail), source: sourceOf(args, fail) };
}

function sourceOf(args: KeyArgs, fail: (message: string) => never): DeclaredKey["source"] {
  const given = SOURCES.filter((source) => args[source] !== undefined);
  if (given.length !== 1)
    fail(
      `${given.length === 0 ? "has no value" : `has ${given.length} values, ${given.join(" and ")}`}. Give exactly one of text, file, command and env.`,
    );
  const { text, file, command, env } = args;
  if (file !== undefined && (typeof file !== "string" || file === "")) fail("has a file that is no path.");
  if (command !== undefined && !isCommand(command))
    fail(`has a command that is no list of a program and its arguments: command: ["pass", "show", "db"].`);
  if (env !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(env))
    fail(`has an env that names no environment variable: ${JSON.stringify(env)}.`);
  if (file !== undefined) return { file };
  if (command !== undefined) return { command };
  if (env !== undefined) return { env };
  return { text: text as pulumi.Input<string> };
}

function isCommand(command: unknown): boolean {
  return (
    Array.isArray(command) &&
    command.length > 0 &&
    command[0] !== "" &&
    command.every((word) => typeof word === "string" && !word.includes("\0"))
  );
}

function placeOf(name: string, args: KeyArgs, fail: (message: string) => never): KeyPlace {
  const { user = "root", group = "root", permissions = "0400", permanent = false } = args;
  for (const [what, owner] of [
    ["user", user],
    ["group", group],
  ])
    if (!/^([a-z_][A-Za-z0-9_.-]{0,30}|\d{1,10})$/.test(owner ?? ""))
      fail(`has a ${what} that is neither a name nor a number: ${JSON.stringify(owner)}.`);
  if (typeof permissions !== "string" || !/^0?[0-7]{3}$/.test(permissions))
    fail(
      `has permissions that chmod does not take: ${JSON.stringify(permissions)}. Write three or four octal digits as text: "0400".`,
    );
  const units = {
    restart: unitsOf(args.restart, "restart", fail),
    reload: unitsOf(args.reload, "reload", fail),
  };
  return {
    path: pathOf(name, args, permanent, fail),
    user,
    group,
    permissions: permissions.padStart(4, "0"),
    ...(units.restart.length > 0 ? { restart: units.restart } : {}),
    ...(units.reload.length > 0 ? { reload: units.reload } : {}),
  };
}

function unitsOf(
  units: readonly string[] | undefined,
  option: string,
  fail: (message: string) => never,
): string[] {
  if (units !== undefined && !Array.isArray(units))
    fail(`has a ${option} that is no list of units: ["postgresql.service"].`);
  for (const unit of units ?? [])
    if (!/^[A-Za-z0-9:_.\\@-]{1,240}\.(service|socket|target|timer|path|mount|slice)$/.test(unit))
      fail(
        `names the unit ${JSON.stringify(unit)} in ${option}. Write its whole name: "postgresql.service".`,
      );
  return [...new Set(units)];
}

function pathOf(name: string, args: KeyArgs, permanent: boolean, fail: (message: string) => never): string {
  if (args.path !== undefined && args.destDir !== undefined)
    fail("has a path and a destDir. The path says all; leave out destDir.");
  const path = args.path ?? posix.join(args.destDir ?? (permanent ? DISK : MEMORY), name);
  const written = args.path ?? args.destDir ?? path;
  if (
    !written.startsWith("/") ||
    posix.normalize(`${written}/`) !== `${written.replace(/\/$/, "")}/` ||
    path.endsWith("/") ||
    /[\p{Cc}\\]| $/u.test(path)
  )
    fail(`goes to ${JSON.stringify(written)}, which is no plain absolute path.`);
  if (Buffer.byteLength(posix.basename(path)) > 90)
    fail("has a path whose last part is longer than 90 bytes.");
  if (/^\/(nix|proc|sys|dev|tmp)\//.test(path))
    fail(
      `goes to ${path}, where ${path.startsWith("/nix/") ? "everyone can read" : "no key can stay"}. Keys lie below ${MEMORY}, or with permanent: true on disk.`,
    );
  const inMemory = path.startsWith("/run/");
  if (permanent && inMemory)
    fail(
      `is permanent, but ${path} is in memory. Leave out permanent, or choose a directory outside of /run.`,
    );
  if (!permanent && !inMemory)
    fail(`goes to ${path}, which is on disk. If it shall outlive reboots there, say permanent: true.`);
  return path;
}
