import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Subject } from "./subject.js";

/** Where a machine has the libraries of what is put on it. */
const LIBRARIES = "/usr/local/lib/faults";

/** Puts a firewall's program on a machine, whose image has none. */
export function installNft(subject: Subject): void {
  copyLibraries(subject);
  copy(subject, join(root(), "usr/sbin/nft"), `${LIBRARIES}/nft`);
  subject.write("/usr/sbin/nft", `#!/bin/sh\nLD_LIBRARY_PATH=${LIBRARIES} exec ${LIBRARIES}/nft "$@"\n`);
  subject.makeExecutable(`${LIBRARIES}/nft`);
  subject.makeExecutable("/usr/sbin/nft");
}

/** Shifts the clock that a machine's programs see: not PID 1's, which cannot be changed without this computer's. */
export function shiftClock(subject: Subject, by: string): void {
  const library = join(root(), libraries(), "faketime/libfaketime.so.1");
  copy(subject, library, `${LIBRARIES}/libfaketime.so.1`);
  subject.write("/etc/faketimerc", `${by}\n`);
  subject.write("/etc/ld.so.preload", `${LIBRARIES}/libfaketime.so.1\n`);
}

/** What `npm run test:faults` has fetched. */
function root(): string {
  const directory = process.env.FIRN_FAULTS_PROGRAMS;
  if (!directory)
    throw new Error("Run these tests with `npm run test:faults`, which fetches what they need.");
  return directory;
}

const libraries = () =>
  join("usr/lib", readdirSync(join(root(), "usr/lib")).find((name) => name.endsWith("-linux-gnu")) ?? "");

function copyLibraries(subject: Subject): void {
  for (const folder of [libraries(), libraries().replace("usr/", "")].map((path) => join(root(), path)))
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (!entry.isDirectory()) copy(subject, join(folder, entry.name), `${LIBRARIES}/${entry.name}`);
}

function copy(subject: Subject, from: string, to: string): void {
  mkdirSync(dirname(subject.path(to)), { recursive: true });
  copyFileSync(from, subject.path(to));
}
